import type { Logger } from 'pino'
import {
  createCheckpointKeeper,
  type KeptCheckpoint,
  type KeptEndpoint,
  openCheckpointFolder,
  rewardedIn,
} from '../../bandit/index.ts'
import { runInBackground, type Background } from '../background.ts'
import type { Config } from '../config/config.ts'
import type { Events } from '../events/events.ts'
import { checkpointFolder } from './checkpoint-folder.ts'
import type { CheckpointMetrics } from '../telemetry/metrics/checkpoint-metrics.ts'

export interface Checkpoints {
  /** Gives an emptied store back what it had; rejects with a StoreUnavailable. */
  revive(): Promise<void>
  /** From now on they are written, and stores that were emptied revived where no journal does it. */
  start(): void
  /** Writes the last one. */
  close(): Promise<void>
}

export interface WireCheckpointsDeps {
  readonly config: Pick<Config, 'checkpoint' | 'journal'>
  readonly kind: 'redis' | 'sqlite'
  readonly endpoints: ReadonlyMap<string, KeptEndpoint>
  /** Absent where feedback is not journalled. */
  readonly journal?: { readonly isThere: () => boolean } | undefined
  readonly metrics: CheckpointMetrics
  readonly events: Events
  readonly logger: Logger
  readonly clock: () => number
}

const reviveEveryMs = 1000

/**
 * Undefined where they are off, have no place, or the store is embedded: that one is a file on the same disk, and whoever
 * takes it away means it.
 */
export function wireCheckpoints(deps: WireCheckpointsDeps): Checkpoints | undefined {
  const { config, kind, endpoints, journal, metrics, events, logger, clock } = deps
  const path = checkpointFolder(config)
  if (config.checkpoint === undefined || path === undefined || kind === 'sqlite') return undefined
  const { everyMs, keep } = config.checkpoint
  const folder = openCheckpointFolder({
    path,
    keep,
    faulty: (file) => logger.error({ file }, 'a checkpoint is not whole: an older one is used'),
  })
  for (const name of endpoints.keys()) metrics.begin(name)
  const failing = new Set<string>()
  const keeper = createCheckpointKeeper({
    endpoints,
    folder,
    clock,
    youngMs: config.journal?.keepMs ?? 0,
    isKnown: journal?.isThere,
    events: {
      saved: (endpoint, bytes) => metrics.saved(endpoint, bytes),
      current(endpoint) {
        metrics.current(endpoint)
        if (failing.delete(endpoint)) logger.info({ endpoint }, 'checkpoints are written again')
      },
      failed(endpoint, err) {
        metrics.failed(endpoint)
        if (!failing.has(endpoint))
          logger.error({ err, endpoint, folder: path }, 'no checkpoint can be written')
        failing.add(endpoint)
      },
      restored: (endpoint, kept, ageMs) => events.emit(toEvent(endpoint, kept, ageMs)),
    },
  })
  const running: Background[] = []

  async function revive(): Promise<void> {
    // A store that is away tells of itself by every other call.
    await keeper.revive().catch(() => undefined)
  }

  return {
    revive: () => keeper.revive(),
    start() {
      running.push(runInBackground(() => keeper.save(), everyMs))
      if (journal === undefined) running.push(runInBackground(revive, reviveEveryMs))
    },
    async close() {
      await Promise.all(running.map((each) => each.stop()))
      await keeper.save()
    },
  }
}

function toEvent(endpoint: string, { checkpoint }: KeptCheckpoint, ageMs: number) {
  const age = Math.round(ageMs / 1000)
  const rewarded = rewardedIn(checkpoint)
  return {
    kind: 'state_restored',
    endpoint,
    detail: `the emptied store was given back ${rewarded} rewarded predictions from a checkpoint of ${age} s ago; what came later is in the journals`,
    facts: { rewarded, age_seconds: age },
  } as const
}
