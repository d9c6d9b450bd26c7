import type { Logger } from 'pino'
import {
  createAcceptingClock,
  createAvailability,
  createJournalledLearner,
  createRecordKeeper,
  createRecordMemory,
  createReplay,
  createWorthKeeping,
  StoreUnavailable,
  type EndpointStore,
  type FeedbackOutcome,
  type Journal,
  type JournalProgress,
  type Learner,
  type LearningEndpoint,
  type PredictionIds,
  type Store,
} from '../../bandit/index.ts'
import { runInBackground, type Background } from '../background.ts'
import type { Checkpoints } from '../checkpoints/wire-checkpoints.ts'
import type { JournalConfig } from '../config/config.ts'
import { StartFault } from '../start-fault.ts'
import type { FeedbackMetrics } from '../telemetry/metrics/feedback-metrics.ts'
import type { JournalMetrics } from '../telemetry/metrics/journal-metrics.ts'
import { createJournalLog } from './journal-log.ts'

export interface GatewayJournal {
  /** To be used in place of the store: what it reads of decisions can then be kept with their feedback. */
  readonly store: Store
  /** Keeps a decision record of an endpoint until the store can take it. */
  readonly keepRecord: ReturnType<typeof createRecordKeeper>
  /** The learner that journals; from now on what is in the journal is brought to the store in the background. */
  attach(deps: AttachDeps): Promise<Learner>
  /** Whether nothing waits for an answer of the store. */
  isThere(): boolean
  /** How far it has come; the store keeps marks until every gateway's is further than they are. */
  progress(): JournalProgress
  /** Nothing more is brought to the store. */
  stop(): Promise<void>
  close(): Promise<void>
}

export interface AttachDeps {
  readonly learner: Learner
  readonly ids: PredictionIds
  readonly endpoints: ReadonlyMap<string, LearningEndpoint>
  /** See `LearnerDeps`. */
  readonly isAhead: (at: number) => boolean
  /** Give an emptied store back what they hold. */
  readonly checkpoints?: Pick<Checkpoints, 'revive'> | undefined
}

export interface WireJournalDeps {
  readonly config: JournalConfig | undefined
  readonly store: Store
  readonly open: (settings: JournalSettings) => Promise<Journal>
  readonly metrics: { readonly journal: JournalMetrics; readonly feedback: FeedbackMetrics }
  readonly logger: Logger
  readonly clock: () => number
}

interface JournalSettings extends JournalConfig {
  readonly clock: () => number
  readonly committed: (seconds: number) => void
}

const turnEveryMs = 250

/**
 * Undefined where feedback is not journalled: it was switched off, or the store is embedded. That one is a file on the
 * same disk, flushed before the answer as the journal would be, and cannot be away while the gateway runs.
 *
 * @throws StartFault when the file cannot be used
 */
export async function wireJournal(deps: WireJournalDeps): Promise<GatewayJournal | undefined> {
  const { config, store, metrics, logger, clock } = deps
  if (config === undefined || store.kind === 'sqlite') return undefined
  const journal = await deps
    .open({ ...config, clock, committed: (seconds) => metrics.journal.committed(seconds) })
    .catch((error: unknown) => {
      if (!(error instanceof StoreUnavailable)) throw error
      const message = `no feedback can be journalled: ${error.message}; every gateway needs a journal of its own: name it under journal or with --journal, or say off`
      throw new StartFault(message, { cause: error })
    })
  metrics.journal.watch(() => journal.state())
  const records = createRecordMemory(store)
  const log = createJournalLog(logger)
  const availability = createAvailability(log, clock)
  let background: Background | undefined
  let stores: readonly Pick<EndpointStore, 'forgetMarks'>[] = []

  /** Where nothing waits the disk may go with this gateway, so that nobody need wait for it. */
  async function leave(): Promise<void> {
    const { unsettled } = journal.state()
    const gone = { journal: journal.progress().journal, brought: undefined }
    if (unsettled === 0) await Promise.allSettled(stores.map((each) => each.forgetMarks(gone)))
  }

  return {
    store: records.store,
    keepRecord: createRecordKeeper({ journal, availability, clock }),
    isThere: () => !availability.isAway() && !availability.isCatchingUp(),
    async attach({ learner, ids, endpoints, isAhead, checkpoints }) {
      const events = {
        ...log,
        failing(error: Error) {
          metrics.journal.failed()
          log.failing(error)
        },
        replayed(outcome: FeedbackOutcome, first: boolean) {
          // What was late when it was accepted is not in the journal.
          const isLost = first && outcome.status === 'late'
          if (isLost) log.lost()
          metrics.journal.replayed(isLost ? 'lost' : outcome.status)
          if (first) metrics.feedback.accepted({ ...outcome, outcome: outcome.status })
        },
      }
      const shared = { learner, journal, availability, records, events }
      const revive = checkpoints && (() => checkpoints.revive())
      const replay = createReplay({ ...shared, endpoints, revive, clock })
      // A connection that is being made is waited for, so that the first feedback finds the store.
      await store.ping().catch(() => undefined)
      await replay.turn()
      stores = Array.from(endpoints.values(), (endpoint) => endpoint.store)
      background = runInBackground(() => replay.turn(), turnEveryMs)
      return createJournalledLearner({
        ...shared,
        worthKeeping: createWorthKeeping({ ids, endpoints, isAhead }),
        acceptedAt: createAcceptingClock(clock),
      })
    },
    progress: () => journal.progress(),
    async stop() {
      await background?.stop()
      await leave()
    },
    async close() {
      await background?.stop()
      await journal.close()
    },
  }
}
