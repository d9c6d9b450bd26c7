import { monitorEventLoopDelay, performance } from 'node:perf_hooks'
import type { LoadSample } from './shedder.ts'

const sampleEveryMs = 250
const resolutionMs = 10

/** Looks at this process four times a second; answers how to end it. */
export function watchLoad(observe: (sample: LoadSample) => void): () => void {
  const delays = monitorEventLoopDelay({ resolution: resolutionMs })
  delays.enable()
  let before = performance.eventLoopUtilization()
  let lookedAt = performance.now()

  function look(): void {
    const now = performance.eventLoopUtilization()
    const { utilization } = performance.eventLoopUtilization(now, before)
    before = now
    const at = performance.now()
    const spanMs = at - lookedAt
    lookedAt = at
    const loopDelayMs = meanDelayMs(delays, spanMs)
    delays.reset()
    observe({ loopDelayMs, utilisation: utilization, residentBytes: process.memoryUsage.rss(), spanMs })
  }

  const timer = setInterval(look, sampleEveryMs).unref()
  return () => {
    clearInterval(timer)
    delays.disable()
  }
}

/**
 * Mean delay of the ticks beyond what they asked for, ms. The histogram holds the time between them; a pause that ends
 * with this look is in none of them yet, and the reset that follows makes it forget that pause: there are only fewer then.
 *
 * @param count ticks in the histogram
 * @param mean of the time between them, ns; NaN when there were none
 */
export function meanDelayMs(
  { count, mean }: { readonly count: number; readonly mean: number },
  spanMs: number,
): number {
  const meanMs = count === 0 ? 0 : mean / 1e6
  return Math.max(0, meanMs - resolutionMs, spanMs / (count + 1) - resolutionMs)
}

/** Of what a container may take; Infinity where nothing is said of it. */
export function defaultResidentBytes(share = 0.85): number {
  const allowed = process.constrainedMemory()
  // Without a limit the kernel names one beyond all memory.
  return allowed > 0 && allowed < 2 ** 50 ? share * allowed : Infinity
}
