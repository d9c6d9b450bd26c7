import { combined, type Combine } from './combine.ts'
import type { Standing } from './store/store.ts'

/**
 * A mark is what is known of one decision's rewards: every event heard of, in its newest version. The store
 * keeps it as opaque text and changes it only by compare-and-set, together with the sums; all that feedback
 * means (duplicate, correction, which event counts) is decided here, as a function of the set of events, so
 * that any order of arrival ends in the same reward.
 *
 * '' nothing is known · 'void' it was never shown · ["late", heard at, reward] only heard of after the window ·
 * [heard at, event, event, …]
 */
export interface RewardEvent {
  readonly eventId: string
  /** When it happened, ms since 1970; absent = the client did not say. */
  readonly at?: number
  readonly acceptedAt: number
  /** Integer micro-units. */
  readonly micro: number
}

/** What a mark means for the sums: they hold a function of this and of nothing else about the decision. */
export interface Meaning {
  readonly standing: Standing
  /** Reward in micro-units; 0 where there is none. */
  readonly micro: number
  /** When the first event was accepted, ms since 1970; undefined where none was. */
  readonly heardAt: number | undefined
}

interface Changed {
  readonly mark: string
  /** Reward in micro-units that counts from now on. */
  readonly micro: number
  readonly before: Meaning
  readonly after: Meaning
}

export type Reconciled =
  | ({ readonly status: 'duplicate' } & Changed)
  | ({ readonly status: 'applied' } & Changed)
  | ({ readonly status: 'corrected'; readonly previous: number } & Changed)
  | { readonly status: 'full' }
  /** The decision was taken back: no event of it counts any more. */
  | { readonly status: 'void' }

/** event id · when it first happened · when its newest version happened · reward in micro-units */
type Entry = readonly [eventId: string, firstAt: number, versionAt: number, micro: number]

interface Heard {
  readonly late: boolean
  readonly heardAt: number
  readonly micro: number
  readonly entries: readonly Entry[]
}

/** A caller who invents event ids must not make a decision's mark grow. */
export const maxEvents = 8

export const voidMark = 'void'

const nothing: Meaning = { standing: 'unsettled', micro: 0, heardAt: undefined }

/** Adds an event to a mark. `zeroMicro` is where a reward of 0 lies in the range, see `combine.ts`. */
export function reconcile(mark: string, event: RewardEvent, combine: Combine, zeroMicro = 0): Reconciled {
  if (mark === voidMark) return { status: 'void' }
  const heard = parse(mark)
  const entries = heard?.entries ?? []
  const known = entries.find(([eventId]) => eventId === event.eventId)
  if (known === undefined && entries.length >= maxEvents) return { status: 'full' }
  const next =
    known === undefined
      ? [...entries, toEntry(event)]
      : entries.map((e) => (e === known ? revise(e, event) : e))
  // Sorted, so that the mark too is a function of the set and not of the order of arrival.
  const sorted = next.toSorted(byTime)
  const heardAt = Math.min(event.acceptedAt, heard?.heardAt ?? Infinity)
  const nextMark = JSON.stringify([heardAt, ...sorted])
  const before = meaningOf(mark, combine, zeroMicro)
  const after = meaningOf(nextMark, combine, zeroMicro)
  const changed = { mark: nextMark, micro: after.micro, before, after }
  if (before.standing !== 'rewarded') return { status: 'applied', ...changed }
  if (before.micro === after.micro) return { status: 'duplicate', ...changed }
  return { status: 'corrected', ...changed, previous: before.micro }
}

/**
 * The mark once this has come after the window. Of all that came so late the first to be accepted stands, so that
 * the order of arrival does not matter; where more than that is known, the mark is left as it is.
 */
export function markLate(mark: string, { acceptedAt, micro }: RewardEvent): string {
  if (mark === voidMark) return mark
  const heard = parse(mark)
  const sooner = acceptedAt - (heard?.heardAt ?? Infinity) || (heard?.micro ?? 0) - micro
  return heard === undefined || (heard.late && sooner < 0)
    ? JSON.stringify(['late', acceptedAt, micro])
    : mark
}

export function meaningOf(mark: string, combine: Combine, zeroMicro = 0): Meaning {
  if (mark === voidMark) return { ...nothing, standing: 'void' }
  const heard = parse(mark)
  if (heard === undefined) return nothing
  const { late, heardAt, entries } = heard
  if (late) return { standing: 'unsettled', micro: heard.micro, heardAt }
  const micros = entries.map(([, , , micro]) => micro)
  return { standing: 'rewarded', micro: combined(micros, combine, zeroMicro), heardAt }
}

function parse(mark: string): Heard | undefined {
  if (mark === '') return undefined
  const [first, ...rest] = JSON.parse(mark) as [string | number, ...unknown[]]
  if (typeof first === 'number') {
    return { late: false, heardAt: first, micro: 0, entries: rest as readonly Entry[] }
  }
  const [heardAt, micro] = rest as [number, number]
  return { late: true, heardAt, micro, entries: [] }
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

function byTime(a: Entry, b: Entry): number {
  return a[1] - b[1] || (a[0] < b[0] ? -1 : 1)
}
