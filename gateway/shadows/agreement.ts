import type { Tensor } from '../../model-workers/protocol/types.ts'
import { largestPerRow } from '../upstream/ensemble/argmax.ts'
import { isFloat, readFloats, type FloatTensor } from '../upstream/ensemble/floats.ts'

export interface Comparison {
  /** Output that is compared; undefined = all that both have. */
  readonly compare: string | undefined
  /** Greatest difference of floats that agree; undefined = the greatest of each row is the same. */
  readonly tolerance: number | undefined
}

/** Rounding of two models that are one. */
const roundingError = 1e-6

/** Whether two answers to one request say the same; undefined where there is nothing to compare. */
export function agreement(
  answer: readonly Tensor[],
  copy: readonly Tensor[],
  { compare, tolerance }: Comparison,
): boolean | undefined {
  const pairs = answer.flatMap((tensor) => {
    const other = copy.find(({ name }) => name === tensor.name)
    return other === undefined || (compare !== undefined && compare !== tensor.name)
      ? []
      : [{ tensor, other }]
  })
  if (pairs.length === 0) return undefined
  return pairs.every(({ tensor, other }) => isSame(tensor, other, tolerance))
}

function isSame(a: Tensor, b: Tensor, tolerance: number | undefined): boolean {
  if (a.shape.join() !== b.shape.join()) return false
  if (isFloat(a) && isFloat(b)) return isNear(a, b, tolerance)
  return a.datatype === b.datatype && Buffer.compare(a.bytes, b.bytes) === 0
}

function isNear(a: FloatTensor, b: FloatTensor, tolerance: number | undefined): boolean {
  const [left, right] = [readFloats(a), readFloats(b)]
  const width = a.shape.length > 1 ? a.shape.at(-1)! : 1
  if (tolerance === undefined && width > 1) {
    const best = largestPerRow(right, width)
    return largestPerRow(left, width).every((place, row) => place === best[row])
  }
  // Equal infinities have no difference that is a number.
  const isClose = (value: number, at: number) =>
    value === right[at] || Math.abs(value - right[at]!) <= (tolerance ?? roundingError)
  return left.every(isClose)
}
