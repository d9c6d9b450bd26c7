import type { OverloadConfig } from '../config/config.ts'
import { createInFlightLimit, type InFlightLimit } from './in-flight-limit.ts'

/** With the memory that it comes to where none is configured. */
export type OverloadLimits = Omit<OverloadConfig, 'residentBytes'> & { readonly residentBytes: number }

/** What the process was like since the last look. */
export interface LoadSample {
  /** Mean delay of the event loop beyond what its timers asked for, ms. */
  readonly loopDelayMs: number
  /** Share of the time that the event loop was busy. */
  readonly utilisation: number
  readonly residentBytes: number
  /** How long the look was about. */
  readonly spanMs: number
}

/** What is given up under load, what nobody waits for first. Feedback and health never are. */
export type Luxury = 'shadow' | 'member'

export interface Shedder {
  observe(this: void, sample: LoadSample): void
  /** Whether it is to be left out for now. */
  spares(this: void, luxury: Luxury): boolean
  /** The limit of an endpoint; those who name none, or none that there is, share one. */
  limitOf(this: void, endpoint: string): Pick<InFlightLimit, 'enters' | 'left' | 'released'>
  /** Share of the predictions that were taken between the last two looks. */
  admitted(this: void): number
  /** Predictions that have left lately, a second. */
  leavingPerSecond(this: void): number
}

interface ShedderDeps {
  readonly limits: OverloadLimits
  /** By endpoint, how many predictions are ever of use at once: as many as its models and their queues can hold. */
  readonly places: ReadonlyMap<string, number>
  /** Told when it refuses predictions or is beyond a limit of the process, and when it takes all of them again. */
  readonly changed: (state: 'overload' | 'overload_over', sample: LoadSample) => void
}

/** Of a limit. */
const sparedFrom = { shadow: 0.6, member: 0.8 } as const satisfies Record<Luxury, number>

/**
 * Beyond a limit of the process, or while predictions find queues full or come too late, only so many are let in at
 * once as leave within a short time at the rate at which they do leave. So there is always enough to do, and nothing waits
 * for long, whatever comes.
 */
export function createShedder({ limits, places, changed }: ShedderDeps): Shedder {
  const named = new Map([...places].map(([name, most]) => [name, createInFlightLimit(most)]))
  const nameless = createInFlightLimit([...places.values()].reduce((sum, most) => sum + most, 0))
  const all = [nameless, ...named.values()]
  let pressure = 0
  let admitted = 1
  let perSecond = 0
  /** For a prediction, ever. */
  let wasAsked = false
  let isTold = false

  const isLimited = () => all.some((each) => each.isLimited())

  function observe(sample: LoadSample): void {
    const { loopDelayMs, utilisation, residentBytes, spanMs } = sample
    pressure = Math.max(
      loopDelayMs / limits.loopDelayMs,
      // A loop that is always busy is no fault by itself, so that 1 is never beyond it.
      limits.utilisation < 1 ? utilisation / limits.utilisation : 0,
      residentBytes / limits.residentBytes,
    )
    for (const each of all) each.look({ spanMs, isPressed: pressure > 1 })
    const counts = all.map((each) => each.counts())
    const refused = counts.reduce((sum, each) => sum + each.refused, 0)
    const entered = counts.reduce((sum, each) => sum + each.entered, 0)
    admitted = refused === 0 ? 1 : entered / (entered + refused)
    perSecond = counts.reduce((sum, each) => sum + each.perSecond, 0)
    wasAsked ||= entered + refused > 0
    const isMet = refused > 0 || counts.some(({ isInVain }) => isInVain)
    tell(sample, isMet || (wasAsked && pressure > 1))
  }

  /** A start keeps the loop busy too, and a few answers in vain set a limit that nobody meets: neither is news. */
  function tell(sample: LoadSample, isNews: boolean): void {
    if (!isTold && isNews && isLimited()) changed('overload', sample)
    else if (isTold && !isLimited()) changed('overload_over', sample)
    else return
    isTold = !isTold
  }

  return {
    observe,
    spares: (luxury) => pressure >= sparedFrom[luxury],
    limitOf: (endpoint) => named.get(endpoint) ?? nameless,
    admitted: () => admitted,
    leavingPerSecond: () => perSecond,
  }
}
