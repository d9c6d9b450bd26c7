import { join } from 'node:path'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import {
  createAcceptingClock,
  createAvailability,
  createJournalledLearner,
  createLearner,
  createLedger,
  createRecordMemory,
  createReplay,
  createWorthKeeping,
  type EndpointStore,
  type Learner,
} from '../../../bandit/index.ts'
import { openJournal } from '../../../bandit/journal/open-journal.ts'
import { openStore } from '../../../bandit/store/open-store.ts'
import { runInBackground } from '../../../gateway/background.ts'
import { ids, rules, settings, windowMs } from '../../bandit/journal/shop.ts'

/** What a gateway is for feedback: a learner with a journal on a disk, over the store that an address names. */
export interface Teller {
  readonly learner: Learner
  readonly endpoint: EndpointStore
  /** True once everything that waited in the journal is in the store. */
  isDrained(): boolean
  /** What the journal and the breaker had to tell, newest last. */
  readonly told: readonly string[]
  /** Rewarded decisions of all arms, and the sum of their rewards. */
  counted(): Promise<{ readonly rewarded: number; readonly sum: number }>
  close(): Promise<void>
}

export async function openTeller(url: string, turnEveryMs = 250): Promise<Teller> {
  const told: string[] = []
  const tell = (what: string) => (): void => void told.push(what)
  await using begun = new AsyncDisposableStack()
  const folder = await mkdtemp(join(tmpdir(), 'bandit-teller-'))
  begun.defer(() => rm(folder, { recursive: true, force: true }))
  const store = openStore(url, {
    clock: Date.now,
    breakerChanged: ({ state }) => told.push(`breaker ${state}`),
  })
  begun.defer(() => store.close())
  const path = join(folder, 'journal.db')
  const journal = await openJournal({ path, maxBytes: 1e9, keepMs: 600_000, clock: Date.now })
  begun.defer(() => journal.close())
  const records = createRecordMemory(store)
  const endpointStore = records.store.endpoint(settings)
  const ledger = createLedger({ ids, store: endpointStore, windowMs, labelOutput: undefined })
  const endpoints = new Map([['shop', { ...rules, ...settings, store: endpointStore, ledger }]])
  const events = {
    away: tell('away'),
    drained: tell('drained'),
    restoring: tell('restoring'),
    restored: (outcomes: object) => void told.push(`restored ${JSON.stringify(outcomes)}`),
    replayed: () => undefined,
    failing: tell('failing'),
    recovered: tell('recovered'),
    fault: (error: unknown) => void told.push(`fault ${String(error)}`),
  }
  const availability = createAvailability(events, Date.now)
  const learner = createLearner({ ids, endpoints, clock: Date.now })
  const shared = { learner, journal, availability, records, events }
  const replay = createReplay({ ...shared, endpoints, clock: Date.now })
  await store.ping()
  await replay.turn()
  const background = runInBackground(() => replay.turn(), turnEveryMs)
  begun.defer(() => background.stop())
  const end = begun.move()
  return {
    endpoint: endpointStore,
    learner: createJournalledLearner({
      ...shared,
      worthKeeping: createWorthKeeping({ ids, endpoints }),
      acceptedAt: createAcceptingClock(Date.now),
    }),
    isDrained: () =>
      !availability.isAway() && !availability.isCatchingUp() && journal.state().unsettled === 0,
    told,
    async counted() {
      const arms = [...((await endpointStore.readState())?.arms.values() ?? [])]
      const sums = arms.flatMap(({ epochs }) => [...epochs.values()])
      return {
        rewarded: arms.reduce((total, arm) => total + arm.totals.rewarded, 0),
        sum: sums.reduce((total, each) => total + each[1]!, 0) / 1e6,
      }
    },
    close: () => end.disposeAsync(),
  }
}
