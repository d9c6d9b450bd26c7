import type { Tensor } from '../../../model-workers/protocol/types.ts'
import type { MemberOutputs } from '../arm.ts'
import { UpstreamError } from '../errors.ts'
import { isFloat } from './floats.ts'
import { weightedMajority } from './majority.ts'
import { median } from './median.ts'
import { weightedMean } from './mean.ts'

/** What one member of an ensemble has answered, and its share in the answer; shares sum to 1. */
export interface WeighedOutputs extends MemberOutputs {
  readonly weight: number
}

/**
 * One answer out of at least one: floats are weighted means or, whatever the weights, medians, element by element; everything else is decided by
 * weighted majority, element by element, ties going to the member listed first.
 *
 * @throws UpstreamError bad_output naming the first member whose outputs differ from those of the first in name,
 * type or shape
 */
export function combineOutputs(
  members: readonly WeighedOutputs[],
  { medians = false } = {},
): readonly Tensor[] {
  const weights = members.map(({ weight }) => weight)
  return members[0]!.outputs.map((output) => {
    const tensors = members.map((member) => counterpart(output, member, members[0]!))
    if (!tensors.every(isFloat)) return weightedMajority(tensors, weights)
    return medians ? median(tensors) : weightedMean(tensors, weights)
  })
}

function counterpart(output: Tensor, { model, outputs }: MemberOutputs, first: MemberOutputs): Tensor {
  const other = outputs.find(({ name }) => name === output.name)
  if (other !== undefined && outputs.length === first.outputs.length && sameType(output, other)) return other
  throw new UpstreamError(
    'bad_output',
    model,
    `${model} cannot be combined with ${first.model}: it answered ${describe(outputs)} instead of ${describe(first.outputs)}`,
  )
}

function sameType(a: Tensor, b: Tensor): boolean {
  return (
    a.datatype === b.datatype &&
    a.shape.length === b.shape.length &&
    a.shape.every((dimension, axis) => dimension === b.shape[axis])
  )
}

function describe(outputs: readonly Tensor[]): string {
  return outputs.map(({ name, datatype, shape }) => `"${name}" ${datatype} [${shape.join(', ')}]`).join(', ')
}
