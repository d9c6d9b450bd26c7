import { combined, type Combine } from './combine.ts'
import { canonical, combineObserved, isTold, type Observed, union } from './observed.ts'
import type { Standing } from '../store/store.ts'

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
  /** What it says of whatever else answered the same request. */
  readonly observed?: Observed
}

/** What a mark means for the sums: they hold a function of this and of nothing else about the decision. */
export interface Meaning {
  readonly standing: Standing
  /** Reward in micro-units; 0 where there is none. */
  readonly micro: number
  /** When the first event was accepted, ms since 1970; undefined where none was. */
  readonly heardAt: number | undefined
  /** What it says of whatever else answered the same request; nothing where it is not rewarded. */
  readonly observed: Observed
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

/** event id · when it first happened · when its newest version happened · reward in micro-units · rewards beside it */
type Entry = readonly [
  eventId: string,
  firstAt: number,
  versionAt: number,
  micro: number,
  observed?: Observed,
]

interface Heard {
  readonly late: boolean
  readonly heardAt: number
  readonly micro: number
  readonly entries: readonly Entry[]
}

/** A caller who invents event ids must not make a decision's mark grow. */
export const maxEvents = 8

export const voidMark = 'void'

const nothing: Meaning = { standing: 'unsettled', micro: 0, heardAt: undefined, observed: {} }

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
  const isKnown = before.micro === after.micro && isTold(before.observed, after.observed)
  if (isKnown) return { status: 'duplicate', ...changed }
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
  if (late) return { ...nothing, micro: heard.micro, heardAt }
  const micros = entries.map(([, , , micro]) => micro)
  return {
    standing: 'rewarded',
    micro: combined(micros, combine, zeroMicro),
    heardAt,
    observed: combineObserved(
      entries.map(([, , , , observed = {}]) => observed),
      combine,
      zeroMicro,
    ),
  }
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
  return withObserved([event.eventId, at, at, event.micro], event.observed)
}

/**
 * The newest version stands; of two with one time, the greater reward, so that order does not matter. What one version
 * says beside grows with what is known of the answers: a shadow may answer after the first feedback.
 */
function revise(entry: Entry, event: RewardEvent): Entry {
  const [eventId, firstAt, versionAt, micro, observed = {}] = entry
  const other = event.observed ?? {}
  if (event.at === undefined) {
    // A client that does not say when means "now" if it says something new, and repeats itself if not.
    const isRepeated = event.micro === micro && isTold(observed, { ...observed, ...other })
    return isRepeated
      ? withObserved([eventId, firstAt, versionAt, micro], union(observed, other))
      : withObserved([eventId, firstAt, Math.max(event.acceptedAt, versionAt + 1), event.micro], other)
  }
  const first = Math.min(firstAt, event.at)
  const order = event.at - versionAt || event.micro - micro
  if (order > 0) return withObserved([eventId, first, event.at, event.micro], other)
  const beside = order === 0 ? union(observed, other) : observed
  return withObserved([eventId, first, versionAt, micro], beside)
}

/** In one spelling, so that the mark is a function of the set of events. */
function withObserved(entry: Entry, observed: Observed = {}): Entry {
  const [eventId, firstAt, versionAt, micro] = entry
  return Object.keys(observed).length === 0
    ? entry
    : [eventId, firstAt, versionAt, micro, canonical(observed)]
}

function byTime(a: Entry, b: Entry): number {
  return a[1] - b[1] || (a[0] < b[0] ? -1 : 1)
}
