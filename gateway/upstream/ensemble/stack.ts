import type { Tensor, TensorSpec } from '../../../model-workers/protocol/types.ts'
import type { MemberOutputs } from '../arm.ts'
import { UpstreamError } from '../errors.ts'
import { isFloat, readFloats, writeFloats, type FloatTensor } from './floats.ts'

/**
 * What a stacked ensemble gives its last model: one float output of every member, side by side in the order of the
 * members, row by row, as the model's only input.
 *
 * @param specs what that model takes
 * @throws UpstreamError bad_output when members or model do not fit together
 */
export function stackOutputs(
  members: readonly MemberOutputs[],
  over: string,
  { model, specs }: { readonly model: string; readonly specs: readonly TensorSpec[] },
): Tensor {
  const fault = (words: string) => new UpstreamError('bad_output', model, `${model}: ${words}`)
  const [spec] = specs
  if (specs.length !== 1 || spec === undefined || !isFloatType(spec.datatype))
    throw fault('a model that stacks takes one input, of floats')
  const blocks = members.map(({ model: member, outputs }) => {
    const block = outputs.find(({ name }) => name === over)
    if (block === undefined || !isFloat(block)) throw fault(`"${over}" is not a float output of ${member}`)
    return block
  })
  const rows = blocks[0]!.shape[0] ?? 1
  if (blocks.some(({ shape }) => shape[0] !== rows)) throw fault(`"${over}" has other rows in one member`)
  const values = sideBySide(blocks, rows)
  const width = values.length / rows
  const due = spec.shape.at(-1)!
  if (due !== -1 && due !== width) throw fault(`it takes ${due} numbers a row, and its members give ${width}`)
  return {
    name: spec.name,
    datatype: spec.datatype,
    shape: [rows, width],
    bytes: writeFloats(spec.datatype, values),
  }
}

function sideBySide(blocks: readonly FloatTensor[], rows: number): Float64Array {
  const parts = blocks.map(readFloats)
  const width = parts.reduce((sum, part) => sum + part.length, 0) / rows
  const all = new Float64Array(rows * width)
  let at = 0
  for (const part of parts) {
    const own = part.length / rows
    for (let row = 0; row < rows; row++) all.set(part.subarray(row * own, (row + 1) * own), row * width + at)
    at += own
  }
  return all
}

function isFloatType(datatype: Tensor['datatype']): datatype is FloatTensor['datatype'] {
  return datatype === 'FP16' || datatype === 'FP32' || datatype === 'FP64'
}
