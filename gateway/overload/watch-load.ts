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
    // The histogram counts the time between its ticks, and what it asked for with it; NaN when it had none.
    const meanMs = delays.count === 0 ? 0 : delays.mean / 1e6 - resolutionMs
    delays.reset()
    const at = performance.now()
    const spanMs = at - lookedAt
    lookedAt = at
    // As much as its ticks would have made of a pause that ended with this look, and that its reset has made it forget.
    const lateMs = ((spanMs - sampleEveryMs) * resolutionMs) / sampleEveryMs
    const loopDelayMs = Math.max(0, meanMs, lateMs)
    observe({ loopDelayMs, utilisation: utilization, residentBytes: process.memoryUsage.rss(), spanMs })
  }

  const timer = setInterval(look, sampleEveryMs).unref()
  return () => {
    clearInterval(timer)
    delays.disable()
  }
}

/** Of what a container may take; Infinity where nothing is said of it. */
export function defaultResidentBytes(share = 0.85): number {
  const allowed = process.constrainedMemory()
  // Without a limit the kernel names one beyond all memory.
  return allowed > 0 && allowed < 2 ** 50 ? share * allowed : Infinity
}
