import type { Learner } from '../learner.ts'
import { isWithin, type Lineage, type Stamp } from '../store/checkpoint.ts'
import { type EndpointStore, StoreUnavailable } from '../store/store.ts'
import type { FeedbackOutcome } from '../types.ts'
import type { Availability } from './availability.ts'
import type { JournalEvents } from './events.ts'
import { dated, type Entry, type Journal } from './journal.ts'
import { isKept, mayStillCome } from './kept-statuses.ts'
import type { RecordMemory } from './record-memory.ts'
import { giveRecordsBack, replayRecords } from './replay-records.ts'

/** What the replay needs to know of one endpoint. */
export interface ReplayedEndpoint {
  readonly generation: string
  readonly store: EndpointStore
  readonly windowMs: number
}

export interface ReplayDeps {
  readonly journal: Journal
  readonly learner: Learner
  readonly availability: Availability
  readonly records: Pick<RecordMemory, 'find' | 'written'>
  readonly endpoints: ReadonlyMap<string, ReplayedEndpoint>
  readonly events: JournalEvents
  /** Gives an emptied store back what checkpoints hold, before anything else is; rejects with a StoreUnavailable. */
  readonly revive?: (() => Promise<void>) | undefined
  /** Milliseconds since 1970. */
  readonly clock: () => number
  /** How often the store is asked who it is while it is there; 1 s when absent. */
  readonly askEveryMs?: number
}

/** Entries under way to the store at a time. */
const batchSize = 64

/** A record given back to an emptied store lives as long as it would at the most. */
const recordSlackMs = 60_000

/**
 * Brings what waits in the journal to the store, and what the store may have lost: settled entries of the last minutes,
 * whenever the store's identity is another than before. Both go the way of any feedback, by the time at which it was
 * accepted, so that what was there already is a duplicate.
 */
export function createReplay(deps: ReplayDeps): { turn(): Promise<void> } {
  const { journal, learner, availability, records, endpoints, events, clock, askEveryMs = 1000 } = deps
  let askedAt = -Infinity
  /** Under which everything settled is known to be in the store, and whether the journal says so. */
  let known = journal.identities()
  let written = true

  /** By their names as they stand among the identities. */
  function endpointsOf(names: readonly string[]): ReadonlyMap<string, ReplayedEndpoint> {
    return new Map(
      [...endpoints].filter(([name, { generation }]) => names.includes(nameOf(name, generation))),
    )
  }

  async function askIdentities(): Promise<ReadonlyMap<string, string>> {
    const asked = Array.from(endpoints, async ([name, { generation, store }]) => {
      return [nameOf(name, generation), await store.identity()] as const
    })
    return new Map(await Promise.all(asked))
  }

  /** Undefined for a fault of ours: it stays for another start. */
  async function learn(
    { id, feedback }: Entry,
    how: 'first' | 'again' | 'restored',
  ): Promise<FeedbackOutcome | undefined> {
    const first = how === 'first'
    try {
      const outcome = await learner.learn({
        ...dated(feedback),
        ...(how === 'restored' && { restored: true }),
      })
      if (!first || !mayStillCome(outcome, availability)) events.replayed(outcome, first)
      return outcome
    } catch (error) {
      if (error instanceof StoreUnavailable) throw error
      events.fault(error, id)
      return undefined
    }
  }

  /** False where it waits for another gateway. */
  async function drainOne(entry: Entry): Promise<boolean> {
    const outcome = await learn(entry, 'first')
    if (outcome === undefined) {
      journal.setAside(entry.id)
      return true
    }
    if (mayStillCome(outcome, availability)) return false
    const { status, endpoint = '', key = '', stamp } = outcome
    if (isKept(status))
      journal.settle(entry.id, { record: records.find(endpoint, key), stamps: stamp && [stamp] })
    else journal.forget(entry.id)
    return true
  }

  async function drain(given: number): Promise<void> {
    let drained = 0
    let after = 0
    for (;;) {
      // While nobody knows whether the store takes anything, one entry tries.
      const entries = journal.unsettled(after, availability.isAway() ? 1 : batchSize)
      if (entries.length === 0) break
      const gone = await all(entries.map(drainOne))
      availability.back()
      drained += gone.filter(Boolean).length
      after = entries.at(-1)!.id
    }
    availability.caughtUp()
    if (drained + given > 0) events.drained(drained, given)
  }

  async function restoreOne(entry: Entry, lineages: readonly Lineage[]): Promise<string> {
    const { record } = entry
    const endpoint = record && endpoints.get(record.endpoint)
    if (record !== undefined && endpoint !== undefined)
      await endpoint.store.recordDecision(record.key, record.value, endpoint.windowMs + recordSlackMs)
    const outcome = await learn(entry, isHeld(entry, lineages) ? 'restored' : 'again')
    // What a checkpoint holds has no other stamp than before: it is in the sums since the checkpoint was given back.
    const stamps = outcome && withStamp(entry.stamps, outcome)
    if (outcome !== undefined && isKept(outcome.status)) journal.settle(entry.id, { stamps })
    return outcome?.status ?? 'internal'
  }

  async function restore(): Promise<Readonly<Record<string, number>>> {
    const outcomes: Record<string, number> = {}
    const lineages = await Promise.all(Array.from(endpoints.values(), ({ store }) => store.descend()))
    const given = lineages.filter(({ origin }) => origin === 'restored')
    for (let after = 0; ;) {
      const entries = journal.settled(after, batchSize)
      if (entries.length === 0) return outcomes
      for (const status of await all(entries.map((entry) => restoreOne(entry, given))))
        outcomes[status] = (outcomes[status] ?? 0) + 1
      after = entries.at(-1)!.id
    }
  }

  let fault: string | undefined

  /** Once for as long as it lasts. */
  function tellFault(name: string, error: unknown): void {
    if (name !== fault) events.fault(error)
    fault = name
  }

  /** A journal that cannot be written says so when it is asked to keep something; what is left for it waits. */
  async function write(call: () => Promise<void>): Promise<boolean> {
    try {
      await call()
      return true
    } catch (error) {
      if (error instanceof StoreUnavailable) return false
      throw error
    }
  }

  async function exchange(): Promise<void> {
    const now = clock()
    await deps.revive?.()
    const current = await askIdentities()
    const given = await replayRecords({ journal, endpoints, clock })
    const others = [...current].filter(([name, identity]) => known.get(name) !== identity)
    const changed = others.filter(([name]) => known.has(name)).map(([name]) => name)
    if (changed.length > 0) {
      availability.changed()
      await giveRecordsBack({ records: records.written(), endpoints: endpointsOf(changed) })
      availability.back()
      events.restoring(changed)
      await write(() => journal.flush())
      events.restored(await restore())
    }
    written &&= others.length === 0
    known = current
    if (!written) written = await write(() => journal.keepIdentities(current))
    await drain(given)
    await write(() => journal.flush())
    journal.confirm(now)
    askedAt = now
  }

  return {
    /** Never rejects. */
    async turn() {
      const { unsettled } = journal.state()
      const sinceMs = clock() - askedAt
      // Below 0 the clock was put back, and nobody knows for how long.
      const wasAsked = sinceMs >= 0 && sinceMs < askEveryMs
      if (!availability.isAway() && unsettled === 0 && wasAsked) return
      try {
        await exchange()
        fault = undefined
      } catch (error) {
        if (error instanceof StoreUnavailable) availability.lost(error)
        else tellFault(String(error), error)
      }
    },
  }
}

const nameOf = (endpoint: string, generation: string): string => `${endpoint}/${generation}`

/**
 * Whether a checkpoint that was given back holds the entry. When each endpoint's data came into being tells them apart.
 * What has no stamp was settled by a release before there were any, and so before every checkpoint.
 */
function isHeld({ stamps }: Entry, given: readonly Lineage[]): boolean {
  if (stamps === undefined) return given.length > 0
  return given.some((lineage) => stamps.some((stamp) => isWithin(stamp, lineage)))
}

/** Losses in a row that an entry remembers: it is minutes old. */
const stampsKept = 4

/** What was written again in the same data had been lost in a failover; what was still there has its stamp. */
function withStamp(
  stamps: readonly Stamp[] = [],
  { stamp, unchanged }: Pick<FeedbackOutcome, 'stamp' | 'unchanged'>,
): readonly Stamp[] | undefined {
  if (stamp === undefined) return undefined
  const others = stamps.filter(({ born }) => born !== stamp.born)
  if (unchanged === true && others.length < stamps.length) return undefined
  return [stamp, ...others].slice(0, stampsKept)
}

/** Waits for all, so that none is still under way when the next begins; rejects if the store was away for one. */
async function all<T>(calls: readonly Promise<T>[]): Promise<T[]> {
  const results = await Promise.allSettled(calls)
  return results.map((result) => {
    if (result.status === 'rejected') throw result.reason
    return result.value
  })
}
