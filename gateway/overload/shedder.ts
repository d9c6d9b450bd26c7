import type { OverloadConfig } from '../config/config.ts'

/** With the memory that it comes to where none is configured. */
export type OverloadLimits = Omit<OverloadConfig, 'residentBytes'> & { readonly residentBytes: number }

/** What the process was like since the last look. */
export interface LoadSample {
  /** Mean delay of the event loop beyond what its timers asked for, ms. */
  readonly loopDelayMs: number
  /** Share of the time that the event loop was busy. */
  readonly utilisation: number
  readonly residentBytes: number
}

/** What is given up under load, what nobody waits for first. Feedback and health never are. */
export type Luxury = 'shadow' | 'member'

export interface Shedder {
  observe(this: void, sample: LoadSample): void
  /** Whether it is to be left out for now. */
  spares(this: void, luxury: Luxury): boolean
  /** Whether one more prediction is taken; false = it is refused. */
  admits(this: void): boolean
  /** Share of the predictions that are taken. */
  admitted(this: void): number
}

interface ShedderDeps {
  readonly limits: OverloadLimits
  /** Uniform in [0, 1). */
  readonly random: () => number
  /** Told when it begins to refuse predictions, by which measure, and when it takes all of them again. */
  readonly changed: (state: 'overload' | 'overload_over', sample: LoadSample) => void
}

/** Of a limit. */
const sparedFrom = { shadow: 0.6, member: 0.8 } as const satisfies Record<Luxury, number>
const leastAdmitted = 0.05

/**
 * From the second sample in a row beyond a limit on, half as many predictions are taken after each, and half as many
 * again and a little more after every other: refusing all of them until the loop is free would leave it idle half of the time.
 */
export function createShedder({ limits, random, changed }: ShedderDeps): Shedder {
  let pressure = 0
  let beyond = 0
  let admitted = 1

  function observe(sample: LoadSample): void {
    const { loopDelayMs, utilisation, residentBytes } = sample
    pressure = Math.max(
      loopDelayMs / limits.loopDelayMs,
      // A loop that is always busy is no fault by itself, so that 1 is never beyond it.
      limits.utilisation < 1 ? utilisation / limits.utilisation : 0,
      residentBytes / limits.residentBytes,
    )
    beyond = pressure > 1 ? beyond + 1 : 0
    const before = admitted
    if (beyond === 1 && admitted === 1) return
    admitted = beyond > 0 ? Math.max(leastAdmitted, admitted / 2) : Math.min(1, 1.5 * admitted + 0.05)
    if (before === 1 && admitted < 1) changed('overload', sample)
    if (before < 1 && admitted === 1) changed('overload_over', sample)
  }

  return {
    observe,
    spares: (luxury) => pressure >= sparedFrom[luxury],
    admits: () => admitted === 1 || random() < admitted,
    admitted: () => admitted,
  }
}
