import { median } from './median.ts'

const blocks = 50

/** Microseconds a call: the median over the blocks, of which the first ones only warm up. */
export const timeBlocks = (block: () => void, calls: number): number => {
  const times = Array.from({ length: 2 * blocks }, () => {
    const startedAt = performance.now()
    block()
    return ((performance.now() - startedAt) * 1e3) / calls
  })
  return median(times.slice(blocks))
}
