import { uniformFromKey } from '../../bandit/index.ts'

/** Tells which units come for the first time, in bounded memory. */
export interface FirstTimes {
  /** True at most once for a unit; of very many units only some ever get it, always the same ones. */
  isFirst(unit: string): boolean
  clear(): void
}

/**
 * Where more than `most` are known, half of all units are passed over from then on, by the uniform number that is in their
 * name; all others that came are known still, so nobody is first twice.
 */
export function createFirstTimes(most = 16_384): FirstTimes {
  let known = new Set<number>()
  let below = 1
  return {
    isFirst(unit) {
      const place = uniformFromKey(unit)
      if (place >= below || known.has(place)) return false
      known.add(place)
      if (known.size > most) {
        below /= 2
        known = new Set([...known].filter((each) => each < below))
      }
      return true
    },
    clear() {
      known = new Set()
      below = 1
    },
  }
}
