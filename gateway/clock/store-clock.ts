/** The time of the store, which all gateways on it share, told without asking for it. */
export interface StoreClock {
  /** Whole milliseconds since 1970; by this machine's clock until the store's is known. */
  now(this: void): number
  /** Undefined until the store's time is known. */
  offset(this: void): ClockOffset | undefined
  /** Whether that moment is further in the future than two clocks may be apart; false until the store's is known. */
  isAhead(this: void, at: number): boolean
  /** The store said `time` between these two moments of the monotonic clock. */
  told(time: number, sentAt: number, receivedAt: number): void
}

export interface ClockOffset {
  /** By how much this machine's clock is ahead of the store's. */
  readonly aheadMs: number
  /** That is not further from the truth. */
  readonly withinMs: number
}

export interface StoreClockDeps {
  /** Milliseconds since 1970, which may step. */
  readonly system: () => number
  /** Milliseconds of a clock that never steps. */
  readonly monotonic: () => number
}

interface Estimate {
  /** The store's time less the monotonic one. */
  readonly base: number
  /** It is not further from the truth. */
  readonly withinMs: number
  readonly at: number
}

/** The most by which NTP makes a clock faster or slower while it corrects it, ms per ms. */
const drift = 0.0005

/** Ids dated further ahead were not made by gateways whose clocks agree. */
const toleranceMs = 5000

/**
 * The monotonic clock, set by what the store says. So a step of this machine's clock, however far, moves nothing. As no
 * one knows when between question and answer the store looked at its clock, the middle is taken, which is off by half
 * of the round trip at the most; the quickest trip of late is the one that counts, unless another contradicts it: then
 * the store's clock was set, and is followed.
 */
export function createStoreClock({ system, monotonic }: StoreClockDeps): StoreClock {
  let best: Estimate | undefined

  const now = (): number => (best === undefined ? system() : Math.round(best.base + monotonic()))

  /** What is known fades, as clocks drift. */
  const withinAt = ({ withinMs, at }: Estimate, moment: number) => withinMs + (moment - at) * drift

  return {
    now,
    offset() {
      if (best === undefined) return undefined
      const moment = monotonic()
      return { aheadMs: system() - best.base - moment, withinMs: withinAt(best, moment) }
    },
    isAhead: (at) => best !== undefined && at > now() + toleranceMs,
    told(time, sentAt, receivedAt) {
      const withinMs = (receivedAt - sentAt) / 2
      const base = time - (sentAt + receivedAt) / 2
      const next = { base, withinMs, at: receivedAt }
      if (best === undefined) best = next
      else {
        const known = withinAt(best, receivedAt)
        const contradicts = Math.abs(base - best.base) > withinMs + known
        if (withinMs <= known || contradicts) best = next
      }
    },
  }
}
