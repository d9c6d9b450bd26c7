/** How an arm has answered of late, on this gateway. It is no part of what is learned. */
export interface ArmHealth {
  answered(ms: number): void
  failed(): void
  read(): HealthReading
  /** From now on only what comes counts. */
  forget(): void
}

export interface HealthReading {
  readonly requests: number
  readonly faults: number
  /** Answers that took longer than they may. */
  readonly slow: number
}

export interface ArmHealthDeps {
  readonly windowMs: number
  /** What an answer may take; Infinity = anything. */
  readonly slowMs: number
  /** Milliseconds, never going back. */
  readonly monotonic: () => number
}

interface Slice {
  readonly number: number
  requests: number
  faults: number
  slow: number
}

/** The window slides by a tenth of itself. */
const slicesAtOnce = 10

export function createArmHealth({ windowMs, slowMs, monotonic }: ArmHealthDeps): ArmHealth {
  const sliceMs = windowMs / slicesAtOnce
  let slices: Slice[] = []

  function current(): Slice {
    const number = Math.floor(monotonic() / sliceMs)
    const last = slices.at(-1)
    if (last?.number === number) return last
    const slice = { number, requests: 0, faults: 0, slow: 0 }
    slices = [...slices.filter((each) => each.number > number - slicesAtOnce), slice]
    return slice
  }

  return {
    answered(ms) {
      const slice = current()
      slice.requests++
      if (ms > slowMs) slice.slow++
    },
    failed() {
      const slice = current()
      slice.requests++
      slice.faults++
    },
    read() {
      current()
      let [requests, faults, slow] = [0, 0, 0]
      for (const slice of slices) {
        requests += slice.requests
        faults += slice.faults
        slow += slice.slow
      }
      return { requests, faults, slow }
    },
    forget: () => void (slices = []),
  }
}
