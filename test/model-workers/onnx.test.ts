import { expect, onTestFinished, test, vi } from 'vitest'
import type { Model } from '../../model-workers/model.ts'
import { openOnnxModel } from '../../model-workers/onnx.ts'
import type { Tensor } from '../../model-workers/protocol/types.ts'
import { warmUp } from '../../model-workers/warm-up.ts'
import { modelFile } from '../fixtures/model-file.ts'
import {
  identityModel,
  loopModel,
  matMulModel,
  unaryModel,
  wideModel,
  zipMapModel,
} from '../fixtures/onnx-models.ts'
import { quietLogger } from '../fixtures/quiet-logger.ts'
import { bytesTensor, runnableSamples, sameTensor } from '../fixtures/tensors.ts'

const open = async (bytes: Uint8Array | string, logger = { warn: vi.fn<() => void>() }): Promise<Model> => {
  const model = await openOnnxModel({ path: await modelFile(bytes), name: 'm', version: '1', logger })
  onTestFinished(() => model.close())
  return model
}
const floats = (shape: readonly number[], ...values: number[]): Tensor => {
  return { name: 'x', datatype: 'FP32', shape, bytes: new Uint8Array(new Float32Array(values).buffer) }
}

test.each(runnableSamples)('$tensor.datatype comes through the runtime unchanged', async ({ tensor }) => {
  const model = await open(identityModel(tensor.datatype))
  expect(model.metadata.inputs).toEqual([{ name: 'x', datatype: tensor.datatype, shape: [-1, 2] }])
  const [output] = await model.infer({ inputs: [tensor] })
  expect(sameTensor(output!, { ...tensor, name: 'y' })).toBe(true)
})

test.each(runnableSamples)('a model of $tensor.datatype can be warmed up', async ({ tensor }) => {
  const model = await open(identityModel(tensor.datatype))
  await expect(warmUp(model)).resolves.toBeUndefined()
})

test('a model of BF16 is refused in the words of the runtime', async () => {
  await expect(open(identityModel('BF16'))).rejects.toThrow('Unsupported data type')
})

test('the global Float16Array is there for everybody else', () => {
  expect(new Float16Array([1.5])[0]).toBe(1.5)
})

test('a model computes', async () => {
  const model = await open(matMulModel())
  const [output] = await model.infer({ inputs: [floats([2, 3], 1, 0, 0, 0, 1, 1)] })
  expect(sameTensor(output!, { ...floats([2, 2], 1, 2, 8, 10), name: 'y' })).toBe(true)
})

test('outputs that are no tensors are left out, with a warning', async () => {
  const logger = { warn: vi.fn<() => void>() }
  const model = await open(zipMapModel(), logger)
  expect(model.metadata.outputs.map(({ name }) => name)).toEqual(['probabilities'])
  expect(logger.warn).toHaveBeenCalledExactlyOnceWith(
    expect.objectContaining({ dropped: ['scores'] }),
    expect.anything(),
  )
  const outputs = await model.infer({ inputs: [floats([1, 2], 0.25, 0.75)] })
  expect(outputs.map(({ name }) => name)).toEqual(['probabilities'])
})

test('a fixed first dimension is kept and held to', async () => {
  const model = await open(identityModel('FP32', [2, 2]))
  expect(model.metadata.inputs[0]!.shape).toEqual([2, 2])
  await expect(model.infer({ inputs: [floats([1, 2], 1, 2)] })).rejects.toMatchObject({ code: 'wrong_shape' })
})

test('scalars and no rows at all are taken', async () => {
  const loop = await open(loopModel())
  const n: Tensor = {
    name: 'n',
    datatype: 'INT64',
    shape: [],
    bytes: new Uint8Array(new BigInt64Array([5n]).buffer),
  }
  const [total] = await loop.infer({ inputs: [n] })
  expect(new BigInt64Array(total!.bytes.slice().buffer)[0]).toBe(10n)
  const identity = await open(identityModel('FP32'))
  const [empty] = await identity.infer({ inputs: [floats([0, 2])] })
  expect(empty).toMatchObject({ shape: [0, 2], bytes: { length: 0 } })
})

test('only the outputs asked for are computed, and unknown ones are refused', async () => {
  const model = await open(matMulModel())
  const inputs = [floats([1, 3], 1, 0, 0)]
  await expect(model.infer({ inputs, outputs: ['y'] })).resolves.toHaveLength(1)
  await expect(model.infer({ inputs, outputs: ['z'] })).rejects.toMatchObject({ name: 'TensorFault' })
})

test('text that would be cut and booleans that are none are refused', async () => {
  const texts = await open(identityModel('BYTES'))
  const cut = bytesTensor(['a', 'b\0c'])
  await expect(texts.infer({ inputs: [cut] })).rejects.toMatchObject({ code: 'out_of_range', pointer: '/1' })
  const booleans = await open(identityModel('BOOL'))
  const odd: Tensor = { name: 'x', datatype: 'BOOL', shape: [1, 2], bytes: new Uint8Array([1, 7]) }
  await expect(booleans.infer({ inputs: [odd] })).rejects.toMatchObject({
    code: 'out_of_range',
    pointer: '/1',
  })
})

test('text that is not UTF-8 is refused', async () => {
  const model = await open(identityModel('BYTES'))
  const bytes = Buffer.from('01000000ff0100000061', 'hex')
  const inputs: Tensor[] = [{ name: 'x', datatype: 'BYTES', shape: [1, 2], bytes }]
  await expect(model.infer({ inputs })).rejects.toMatchObject({ code: 'wrong_type', pointer: '/0' })
})

test('a failing model says so without naming files', async () => {
  const model = await open(loopModel())
  const n: Tensor = { name: 'n', datatype: 'INT64', shape: [2], bytes: new Uint8Array(16) }
  await expect(model.infer({ inputs: [n] })).rejects.toMatchObject({
    code: 'failed',
    message: 'the model "m" failed on these inputs',
    cause: expect.any(Error),
  })
})

test('a file that is no model, and no file, are told apart', async () => {
  await expect(open('not a model')).rejects.toMatchObject({
    code: 'corrupt',
    message: expect.stringContaining('export it again'),
  })
  await expect(open(matMulModel().subarray(0, 40))).rejects.toMatchObject({ code: 'corrupt' })
  const missing = openOnnxModel({ path: '/no/such.onnx', name: 'm', version: '1', logger: quietLogger })
  await expect(missing).rejects.toMatchObject({
    code: 'missing',
    message: expect.stringContaining('/no/such.onnx'),
  })
})

test.each([
  ['tensors without end', wideModel(10_000), /: it has 10001 inputs, and 10000 can be served/],
  [
    'a name without end',
    unaryModel('Identity', { datatype: 'FP32', output: 'y'.repeat(1025) }),
    /: a name among its outputs has more than 1024 characters/,
  ],
  [
    'dimensions without end',
    identityModel(
      'FP32',
      Array.from({ length: 65 }, () => 1),
    ),
    /: a tensor among its inputs has more than 64 dimensions/,
  ],
])('a model that has %s is refused, as others would choke on it', async (_what, bytes, reason) => {
  await expect(open(bytes)).rejects.toThrow(reason)
})

test('one that is as wide as it may be is served', async () => {
  expect((await open(wideModel(9999))).metadata.inputs).toHaveLength(10_000)
})
