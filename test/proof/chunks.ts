import { shuffled, type Traffic } from './traffic.ts'

export const writers = 3

/** Feedback that is sent together and acknowledged together. */
const chunkSize = 200

/** A writer's share of the shuffled feedback, in the order in which it sends it. */
export function chunksOf(traffic: Traffic, writer: number): number[][] {
  const share = shuffled(traffic).filter((_, at) => at % writers === writer)
  return inChunks(share)
}

export function inChunks(numbers: ArrayLike<number>): number[][] {
  return Array.from({ length: Math.ceil(numbers.length / chunkSize) }, (_, at) =>
    Array.prototype.slice.call(numbers, at * chunkSize, (at + 1) * chunkSize),
  )
}
