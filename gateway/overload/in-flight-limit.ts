/** Counts the predictions under way for one endpoint, and limits them while they would only wait. */
export interface InFlightLimit {
  /** Whether one more is taken; it must be told to have `left`. */
  enters(this: void): boolean
  /** @param inVain it was refused or too late further on */
  left(this: void, inVain: boolean): void
  /** It is still there, and no longer counted: it must not be told to have left. */
  released(this: void): void
  /** Makes up its mind, some times a second. */
  look(look: InFlightLook): void
  isLimited(): boolean
  /** Since the last look but one. */
  counts(): {
    readonly entered: number
    readonly refused: number
    /** Whether more came back in vain than do by chance. */
    readonly isInVain: boolean
    readonly perSecond: number
  }
}

export interface InFlightLook {
  /** Since the last one. */
  readonly spanMs: number
  /** Whether the process itself is beyond a limit. */
  readonly isPressed: boolean
}

/** What is in flight leaves within this time, by Little's law: times the rate at which they leave, it is the limit. */
const firstMs = 200
const shortestMs = 20
const shorter = 0.7
const longer = 1.25
/** Enough to keep models in batches: with fewer, less would be done in the same time. */
const least = 32
/** Looks of which the best rate counts: a pause lets nothing leave, and says nothing of what could. */
const rememberedLooks = 4
/** Of those that left: now and then one finds a queue full by chance. */
const inVainShare = 0.05
/** The same within a look. */
const inVainByChance = 8
/** Looks without a refusal that end it. */
const calmLooks = 4

/**
 * What is in flight is limited, so that nothing waits for long. Who comes back in vain has found all places taken, and has
 * cost most of what an answer does: until the next look no more are let in than were left then, or the place of each that
 * comes back would go to the next one that finds nothing. Where most come back in vain, and so at once, that limits
 * nothing: there the number that enters is limited too, and doubled while it goes well. Else a gateway that is busy telling all
 * that no model can be asked would have no time to find that one can.
 *
 * @param most that are ever of use at once
 */
export function createInFlightLimit(most: number): InFlightLimit {
  let now = { entered: 0, refused: 0, gone: 0, inVain: 0, most: 0 }
  let last = { entered: 0, refused: 0, inVain: 0 }
  let rates: readonly number[] = []
  /** A millisecond. */
  let rate = 0
  let inFlight = 0
  let holdMs = Infinity
  let limit = most
  let calm = 0
  /** That may enter before the next look. */
  let allowed = Infinity
  /** Of those in flight, until the next look. */
  let ceiling = Infinity

  /** A queue that is full holds what leaves within some time: half of that is enough to keep it from running empty. */
  function tightened(isPressed: boolean): number {
    if (holdMs < Infinity) return Math.max(shortestMs, shorter * holdMs)
    return isPressed || rate === 0 ? firstMs : now.most / rate / 2
  }

  return {
    enters() {
      if (inFlight >= limit || inFlight >= ceiling || now.entered >= allowed) {
        now.refused++
        return false
      }
      inFlight++
      now.entered++
      now.most = Math.max(now.most, inFlight)
      return true
    },
    left(inVain) {
      inFlight--
      now.gone++
      if (inVain && ++now.inVain > inVainByChance) ceiling = Math.max(least, inFlight)
    },
    released: () => void inFlight--,
    look({ spanMs, isPressed }) {
      // What goes in vain goes quickly, and is nothing that more could be let in for.
      rates = [...rates, (now.gone - now.inVain) / spanMs].slice(-rememberedLooks)
      rate = Math.max(...rates)
      const isTooMuch = isPressed || now.inVain > inVainShare * now.gone
      calm = isTooMuch || now.refused > 0 ? 0 : calm + 1
      if (isTooMuch) holdMs = tightened(isPressed)
      else if (now.refused > 0) holdMs *= longer
      if (now.inVain > now.gone / 2) allowed = Math.max(least, now.gone - now.inVain)
      else allowed *= 2
      if (calm >= calmLooks) {
        holdMs = Infinity
        allowed = Infinity
      }
      limit = holdMs === Infinity ? most : Math.min(most, Math.max(least, Math.round(rate * holdMs)))
      ceiling = Infinity
      last = now
      now = { entered: 0, refused: 0, gone: 0, inVain: 0, most: inFlight }
    },
    isLimited: () => holdMs < Infinity || last.refused > 0,
    counts: () => ({
      entered: last.entered,
      refused: last.refused,
      isInVain: last.inVain > inVainByChance,
      perSecond: 1000 * rate,
    }),
  }
}
