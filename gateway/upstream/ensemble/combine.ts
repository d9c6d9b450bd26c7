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
 * weighted majority, element by element, ties going to the member listed first. What not all of them answer is left out.
 *
 * @throws UpstreamError bad_output naming the first member that has no output in common with the first, or has one in
 * another type or shape
 */
export function combineOutputs(
  members: readonly WeighedOutputs[],
  { medians = false } = {},
): readonly Tensor[] {
  const weights = members.map(({ weight }) => weight)
  const first = members[0]!
  return common(members).map((output) => {
    const tensors = members.map((member) => counterpart(output, member, first))
    if (!tensors.every(isFloat)) return weightedMajority(tensors, weights)
    return medians ? median(tensors) : weightedMean(tensors, weights)
  })
}

function counterpart(output: Tensor, { model, outputs }: MemberOutputs, first: MemberOutputs): Tensor {
  const other = outputs.find(({ name }) => name === output.name)
  if (other !== undefined && sameType(output, other)) return other
  throw misfit({ model, outputs }, first)
}

/** Outputs of the first that all of them have. */
function common(members: readonly MemberOutputs[]): readonly Tensor[] {
  const first = members[0]!
  return members.slice(1).reduce((left, member) => {
    const shared = left.filter(({ name }) => member.outputs.some((output) => output.name === name))
    if (shared.length === 0) throw misfit(member, first)
    return shared
  }, first.outputs)
}

function misfit({ model, outputs }: MemberOutputs, first: MemberOutputs): UpstreamError {
  return new UpstreamError(
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
