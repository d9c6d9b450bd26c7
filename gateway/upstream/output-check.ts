import { isHalf, readHalves } from '../../model-workers/protocol/half-floats.ts'
import type { Tensor, TensorSpec } from '../../model-workers/protocol/types.ts'
import { UpstreamError } from './errors.ts'

/**
 * The outputs that the model promised, in its own order.
 *
 * @throws UpstreamError bad_output when one is missing, or of another type or shape
 */
export function pickOutputs(
  model: string,
  specs: readonly TensorSpec[],
  outputs: readonly Tensor[],
): readonly Tensor[] {
  return specs.map((spec, i) => {
    const { name, datatype, shape } = spec
    const output = outputs[i]?.name === name ? outputs[i] : outputs.find((one) => one.name === name)
    if (output === undefined) {
      throw new UpstreamError('bad_output', model, `${model} left out its output "${name}"`)
    }
    if (output.datatype !== datatype || !fits(shape, output.shape)) {
      const found = `${output.datatype} [${output.shape.join(', ')}]`
      const due = `${datatype} [${shape.join(', ')}]`
      throw new UpstreamError(
        'bad_output',
        model,
        `${model} answered "${name}" as ${found} where ${due} was due`,
      )
    }
    return output
  })
}

/** A model that does not declare the rank of an output has a spec without dimensions, which binds nothing. */
function fits(spec: readonly number[], shape: readonly number[]): boolean {
  if (spec.length === 0) return true
  if (shape.length !== spec.length) return false
  for (let axis = 0; axis < spec.length; axis++) {
    if (spec[axis] !== -1 && spec[axis] !== shape[axis]) return false
  }
  return true
}

/** Name of the first float output that holds NaN, which is no prediction. Infinities are: log-odds have them. */
export function outputWithNaN(outputs: readonly Tensor[]): string | undefined {
  return outputs.find(holdsNaN)?.name
}

function holdsNaN(tensor: Tensor): boolean {
  const { datatype, bytes } = tensor
  if (isHalf(tensor)) return readHalves(tensor).some(Number.isNaN)
  if (datatype !== 'FP32' && datatype !== 'FP64') return false
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  switch (datatype) {
    case 'FP32':
      for (let at = 0; at < bytes.length; at += 4) if (Number.isNaN(view.getFloat32(at, true))) return true
      return false
    case 'FP64':
      for (let at = 0; at < bytes.length; at += 8) if (Number.isNaN(view.getFloat64(at, true))) return true
      return false
  }
}
