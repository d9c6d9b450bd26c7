import type { ServerResponse } from 'node:http'
import type { InFlightLimit } from './in-flight-limit.ts'

/** Who has a place while its request is under way. */
export interface SlowPlaces {
  take(this: void, response: ServerResponse, limit: Released): void
  /** Whether it still had its place. */
  leave(this: void, response: ServerResponse): boolean
  /** Takes the places of those whose bodies are long in coming; whether there were any. */
  free(this: void): boolean
}

type Released = Pick<InFlightLimit, 'released'>

const slowMs = 250
const looksEveryMs = 50

/**
 * Some hundred clients that dribble their bodies, or are far away, would hold all places and ask no model anything. So
 * their places are given to others where there are none left. When such a body is there at last it is not counted: a full
 * queue refuses it, at the price that the limit was to spare.
 */
export function createSlowPlaces(now: () => number): SlowPlaces {
  /** The oldest first. */
  const taken = new Map<ServerResponse, { readonly limit: Released; readonly at: number }>()
  let lookedAt = -Infinity

  return {
    take: (response, limit) => void taken.set(response, { limit, at: now() }),
    leave: (response) => taken.delete(response),
    free() {
      const at = now()
      if (at - lookedAt < looksEveryMs) return false
      lookedAt = at
      const before = taken.size
      for (const [response, place] of taken) {
        if (at - place.at < slowMs) break
        if (response.req.complete) continue
        taken.delete(response)
        place.limit.released()
      }
      return taken.size < before
    },
  }
}
