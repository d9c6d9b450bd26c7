/**
 * A mark is what is known of one decision's rewards: every event heard of, in its newest version. The store
 * keeps it as opaque text and changes it only by compare-and-set, together with the sums; all that feedback
 * means (duplicate, correction, which event counts) is decided here, as a function of the set of events, so
 * that any order of arrival ends in the same reward.
 */
export interface RewardEvent {
  readonly eventId: string
  /** When it happened, ms since 1970; absent = the client did not say. */
  readonly at?: number
  readonly acceptedAt: number
  /** Integer micro-units. */
  readonly micro: number
}

/** Which of several events is the decision's reward, ordered by when each first happened. */
export type Combine = 'first' | 'last'

export type Reconciled =
  | { readonly status: 'duplicate'; readonly mark: string; readonly micro: number }
  | { readonly status: 'applied'; readonly mark: string; readonly micro: number }
  | { readonly status: 'corrected'; readonly mark: string; readonly micro: number; readonly previous: number }
  | { readonly status: 'full' }

/** event id · when it first happened · when its newest version happened · reward in micro-units */
type Entry = readonly [eventId: string, firstAt: number, versionAt: number, micro: number]

/** A caller who invents event ids must not make a decision's mark grow. */
export const maxEvents = 8

export function reconcile(mark: string, event: RewardEvent, combine: Combine): Reconciled {
  const entries = mark === '' ? [] : (JSON.parse(mark) as Entry[])
  const known = entries.find(([eventId]) => eventId === event.eventId)
  if (known === undefined && entries.length >= maxEvents) return { status: 'full' }
  const next =
    known === undefined
      ? [...entries, toEntry(event)]
      : entries.map((e) => (e === known ? revise(e, event) : e))
  const micro = combined(next, combine)
  // Sorted, so that the mark too is a function of the set and not of the order of arrival.
  const nextMark = JSON.stringify(next.toSorted(byTime))
  if (entries.length === 0) return { status: 'applied', mark: nextMark, micro }
  const previous = combined(entries, combine)
  if (previous === micro) return { status: 'duplicate', mark: nextMark, micro }
  return { status: 'corrected', mark: nextMark, micro, previous }
}

function toEntry(event: RewardEvent): Entry {
  const at = event.at ?? event.acceptedAt
  return [event.eventId, at, at, event.micro]
}

/** The newest version stands; of two with one time, the greater reward, so that order does not matter. */
function revise(entry: Entry, event: RewardEvent): Entry {
  const [eventId, firstAt, versionAt, micro] = entry
  if (event.at === undefined) {
    // A client that does not say when means "now" if it says something new, and repeats itself if not.
    return event.micro === micro
      ? entry
      : [eventId, firstAt, Math.max(event.acceptedAt, versionAt + 1), event.micro]
  }
  const newer = event.at > versionAt || (event.at === versionAt && event.micro > micro)
  const first = Math.min(firstAt, event.at)
  return newer ? [eventId, first, event.at, event.micro] : [eventId, first, versionAt, micro]
}

function combined(entries: readonly Entry[], combine: Combine): number {
  const ordered = entries.toSorted(byTime)
  return (combine === 'first' ? ordered[0] : ordered.at(-1))![3]
}

function byTime(a: Entry, b: Entry): number {
  return a[1] - b[1] || (a[0] < b[0] ? -1 : 1)
}
