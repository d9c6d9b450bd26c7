import { skipStrings } from '../../../model-workers/protocol/byte-strings.ts'
import { bytesPerElement, elementCount } from '../../../model-workers/protocol/sizes.ts'
import type { Tensor } from '../../../model-workers/protocol/types.ts'

/** Sums of weights closer than this are a tie: 0.1 + 0.2 must not beat 0.3. */
const tieWidth = 1e-9

/**
 * Element by element the value with the most weight behind it; ties go to the member listed first. `weights` sum
 * to 1; the tensors differ in their bytes only.
 */
export function weightedMajority(tensors: readonly Tensor[], weights: readonly number[]): Tensor {
  const first = tensors[0]!
  if (tensors.every(({ bytes }) => Buffer.compare(bytes, first.bytes) === 0)) return first
  const ballots = tensors.map(elementsOf)
  const winners = ballots[0]!.map((_, i) => vote(ballots, weights, i))
  return { ...first, bytes: Buffer.concat(winners) }
}

function vote(ballots: readonly (readonly Buffer[])[], weights: readonly number[], i: number): Buffer {
  let winner = ballots[0]![i]!
  let most = 0
  for (const ballot of ballots) {
    const candidate = ballot[i]!
    let support = 0
    for (let member = 0; member < ballots.length; member++) {
      if (candidate.equals(ballots[member]![i]!)) support += weights[member]!
    }
    if (support > most + tieWidth) {
      winner = candidate
      most = support
    }
  }
  return winner
}

/** Each element's bytes; of a BYTES tensor with the length before them. */
function elementsOf({ datatype, shape, bytes }: Tensor): Buffer[] {
  const size = bytesPerElement(datatype)
  const elements: Buffer[] = []
  let start = 0
  for (let left = elementCount(shape); left > 0; left--) {
    const end = size === undefined ? skipStrings(bytes, start, 1)! : start + size
    elements.push(Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start))
    start = end
  }
  return elements
}
