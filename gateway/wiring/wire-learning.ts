import type { Logger } from 'pino'
import {
  createLearner,
  type Learner,
  type LearningEndpoint,
  type PredictionIds,
  type Store,
} from '../../bandit/index.ts'
import { wireCheckpoints } from '../checkpoints/wire-checkpoints.ts'
import type { Config } from '../config/config.ts'
import type { DecisionLog } from '../decision-log/decision-log.ts'
import { loggedLearner } from '../decision-log/logged-learner.ts'
import { openDecisionLog } from '../decision-log/open-decision-log.ts'
import type { LoggedEndpoint } from '../decision-log/to-lines.ts'
import type { Events } from '../events/events.ts'
import { limitedLearner } from '../feedback/limited-learner.ts'
import type { GatewayJournal } from '../journal/wire-journal.ts'
import type { Metrics } from '../telemetry/metrics/metrics.ts'
import type { Tracing } from '../telemetry/tracing.ts'

export interface LearningDeps {
  readonly config: Pick<Config, 'checkpoint' | 'decisionLog' | 'journal'>
  readonly ids: PredictionIds
  readonly store: Store
  readonly journal: GatewayJournal | undefined
  /** Unique for this start of this process. */
  readonly gateway: string
  readonly endpoints: ReadonlyMap<string, LoggedEndpoint>
  readonly metrics: Pick<Metrics, 'checkpoints' | 'decisionLog'>
  readonly events: Events
  readonly logger: Logger
  readonly tracing?: Tracing | undefined
  readonly clock: () => number
  /** See `LearnerDeps`. */
  readonly isAhead: (at: number) => boolean
  /** Ends what is begun here. */
  readonly begun: AsyncDisposableStack
}

export interface Learning {
  /** Absent where decisions are not logged. */
  readonly decisionLog: DecisionLog | undefined
  /** Learns at once or not at all. */
  readonly direct: Learner
  /** The same, which keeps what it learns beyond the loss of the store where that is configured. */
  readonly learner: Learner
  /** Once the store was read: from now on what is learned is written to disk. */
  start(): void
}

/** What becomes of feedback: it is learned, told, journalled, and kept in checkpoints. */
export async function wireLearning(deps: LearningDeps): Promise<Learning> {
  const { config, ids, store, journal, gateway, endpoints, metrics, events } = deps
  const { logger, tracing, clock, isAhead, begun } = deps
  const decisionLog =
    config.decisionLog &&
    (await openDecisionLog({
      config: config.decisionLog,
      gateway,
      endpoints,
      metrics: metrics.decisionLog,
      logger,
      clock,
    }))
  begun.defer(async () => decisionLog?.close())
  const learned = new Map<string, LearningEndpoint>(
    Array.from(endpoints, ([name, { learning }]) => [name, learning]),
  )
  const learning = createLearner({ ids, endpoints: learned, clock, isAhead })
  const logged = decisionLog === undefined ? learning : loggedLearner(learning, decisionLog)
  const told = tracing === undefined ? logged : tracing.learner(logged)
  // A commit of the embedded store costs one flush, however many it is for.
  const direct = store.kind === 'redis' ? limitedLearner(told) : told
  const checkpoints = wireCheckpoints({
    config,
    kind: store.kind,
    endpoints: learned,
    journal,
    metrics: metrics.checkpoints,
    events,
    logger,
    clock,
  })
  begun.defer(async () => checkpoints?.close())
  const journalled = await journal?.attach({ learner: direct, ids, endpoints: learned, isAhead, checkpoints })
  begun.defer(async () => journal?.stop())
  return { decisionLog, direct, learner: journalled ?? direct, start: () => checkpoints?.start() }
}
