/**
 * Writes shrink.onnx: `image` UINT8 [N, 16, 16] of 0 to 255 becomes `small` FP32 [N, 64] of 0 to 16, each of its pixels the
 * mean of four. What stands before the models of a training is exported like this, by whatever it was trained with.
 *
 *     node examples/pipeline/shrink.ts
 */
import { writeFile } from 'node:fs/promises'
import onnxProto, { type onnx } from 'onnx-proto'

const { AttributeProto, ModelProto, TensorProto } = onnxProto.onnx
const { DataType } = TensorProto

function tensor(name: string, elemType: number, shape: readonly (number | string)[]): onnx.IValueInfoProto {
  const dim = shape.map((each) => (typeof each === 'number' ? { dimValue: each } : { dimParam: each }))
  return { name, type: { tensorType: { elemType, shape: { dim } } } }
}

function shape(name: string, dimensions: readonly number[]): onnx.ITensorProto {
  return { name, dims: [dimensions.length], dataType: DataType.INT64, int64Data: [...dimensions] }
}

const pair = (name: string) => ({ name, type: AttributeProto.AttributeType.INTS, ints: [2, 2] })
const toFloat = { name: 'to', type: AttributeProto.AttributeType.INT, i: DataType.FLOAT }

const graph: onnx.IGraphProto = {
  name: 'shrink',
  input: [tensor('image', DataType.UINT8, ['N', 16, 16])],
  output: [tensor('small', DataType.FLOAT, ['N', 64])],
  initializer: [
    // 0 = as many as there are.
    shape('asImages', [0, 1, 16, 16]),
    shape('asRows', [0, 64]),
    { name: 'scale', dims: [1], dataType: DataType.FLOAT, floatData: [16 / 255] },
  ],
  node: [
    { opType: 'Cast', input: ['image'], output: ['floats'], attribute: [toFloat] },
    { opType: 'Reshape', input: ['floats', 'asImages'], output: ['images'] },
    {
      opType: 'AveragePool',
      input: ['images'],
      output: ['pooled'],
      attribute: [pair('kernel_shape'), pair('strides')],
    },
    { opType: 'Reshape', input: ['pooled', 'asRows'], output: ['rows'] },
    { opType: 'Mul', input: ['rows', 'scale'], output: ['small'] },
  ],
}

const model = { irVersion: 8, opsetImport: [{ domain: '', version: 17 }], graph }
const bytes = ModelProto.encode(ModelProto.create(model)).finish()
await writeFile(new URL('shrink.onnx', import.meta.url), bytes)
console.log(`shrink.onnx: ${bytes.length} bytes`)
