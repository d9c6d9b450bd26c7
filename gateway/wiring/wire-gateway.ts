import { randomBytes, randomUUID } from 'node:crypto'
import type { Hono } from 'hono'
import type { Logger } from 'pino'
import { createPredictionIds, type SigningKey } from '../../bandit/index.ts'
import { openJournal } from '../../bandit/journal/open-journal.ts'
import { createApp } from '../app.ts'
import { runInBackground } from '../background.ts'
import { keptSecret } from '../checkpoints/kept-secret.ts'
import type { Environment } from '../config/reading/environment.ts'
import type { Config } from '../config/config.ts'
import { createStoreClock } from '../clock/store-clock.ts'
import { createConsole } from '../console/console.ts'
import { alsoTold } from '../decision-log/also-told.ts'
import type { Endpoints } from '../endpoint-runtime.ts'
import type { AppEnv } from '../http/request-info.ts'
import { wireJournal, type GatewayJournal } from '../journal/wire-journal.ts'
import { placesOf } from '../overload/places.ts'
import { wireOverload } from '../overload/wire-overload.ts'
import { loadModules } from '../pipeline/load-modules.ts'
import { createRandomPool } from '../random-pool.ts'
import { signingKeys } from '../signing-keys.ts'
import { createParking } from '../feedback/parking.ts'
import { createSynchroniser } from '../synchronise.ts'
import type { Tracing } from '../telemetry/tracing.ts'
import { traceEndpoint } from './trace-endpoint.ts'
import { wireAccess } from './wire-access.ts'
import { wireClock } from './wire-clock.ts'
import { wireEndpoint } from './wire-endpoint.ts'
import { wireEvents } from './wire-events.ts'
import { wireGates, type Gates } from './wire-gates.ts'
import { wireFeatures } from './wire-features.ts'
import { wireLearning } from './wire-learning.ts'
import { wireLookout } from './wire-lookout.ts'
import { wireMetrics } from './wire-metrics.ts'
import { wireModels } from './wire-models.ts'
import { wireMonitor } from './wire-monitor.ts'
import { wireSecrets } from './wire-secrets.ts'
import { wireStore } from './wire-store.ts'

export interface Gateway {
  readonly app: Hono<AppEnv>
  /** Stand before the app. */
  readonly gates: Gates
  readonly endpoints: Endpoints
  /** Resolves once every replica has started or failed for the first time. */
  readonly settled: Promise<void>
  /** From now on the gateway is not ready, so that balancers look elsewhere; it still answers. */
  announceStop(): void
  /** After the last request: writes what is left to write and ends workers, connections and files. */
  close(): Promise<void>
}

export interface GatewayDeps {
  readonly config: Config
  readonly environment: Environment
  readonly logger: Logger
  /** Absent where tracing is off. */
  readonly tracing?: Tracing | undefined
}

const synchroniseEveryMs = 250
const retryParkedEveryMs = 500
const lookEveryMs = 1000
const monotonic = () => performance.now()

/**
 * The composition root: the only place where stores, pools and processes are made.
 *
 * @throws StartFault when the gateway could serve nothing
 */
export async function wireGateway({ config, environment, logger, tracing }: GatewayDeps): Promise<Gateway> {
  const metrics = wireMetrics(config.telemetry, tracing)
  const storeClock = createStoreClock({ system: Date.now, monotonic })
  const clock = storeClock.now
  const { outbound } = config
  const events = wireEvents({ config: config.events, outbound, metrics, logger, tracing, clock })
  metrics.events.begin(config.endpoints.map(({ name }) => name))
  const models = await wireModels({
    models: config.models,
    remotes: config.remotes,
    outbound,
    folder: config.modelsDir,
    copiesDir: config.modelsCopies,
    fenced: config.workers.fenced,
    pollMs: config.modelsPollMs,
    events,
    metrics,
    logger,
    tracing,
  })
  const { upstreams } = models
  /** Ends what has been begun, the newest first. */
  const begun = new AsyncDisposableStack()
  const remote = wireStore({ config, environment, metrics, logger, tracing, clock: Date.now })
  begun.defer(() => models.removeCopies())
  begun.defer(() => events.close())
  begun.defer(() => remote.close())
  try {
    const shared = { metrics, logger, clock }
    const journal = await wireJournal({ config: config.journal, store: remote, open: openJournal, ...shared })
    begun.defer(async () => journal?.close())
    const keys = await signingKeys(environment, remote, keptSecret(config, remote.kind))
    await wireClock({ store: remote, clock: storeClock, metrics: metrics.store, events, monotonic, begun })
    return await wire(keys, journal)
  } catch (error) {
    await begun.disposeAsync()
    throw error
  }

  async function wire(keys: readonly SigningKey[], journal: GatewayJournal | undefined): Promise<Gateway> {
    const store = journal?.store ?? remote
    const ids = createPredictionIds(keys)
    const gateway = randomUUID()
    const overload = wireOverload({
      config: config.overload,
      metrics: metrics.overload,
      events,
      places: placesOf(config),
    })
    begun.defer(async () => overload.stop())
    const { spares } = overload
    const shadowMetrics = metrics.shadows
    const shared = {
      store,
      ids,
      upstreams,
      spares,
      shadowMetrics,
      keepRecord: journal?.keepRecord,
      journal: journal && (() => journal.progress()),
      models: [...config.models, ...config.remotes],
      gateway,
      clock,
      logger,
      events,
    }
    const wired = await Promise.all(
      config.endpoints.map(async (endpoint) => {
        const count = metrics.monitoring.categories(endpoint.name)
        const monitor = await wireMonitor(endpoint, { count, clock, random: Math.random })
        const features = wireFeatures(endpoint, {
          outbound,
          metrics: metrics.features,
          logger,
          tracing,
          monotonic,
        })
        begun.defer(async () => features?.close())
        const modules = await loadModules(endpoint)
        return wireEndpoint(endpoint, { ...shared, monitor, modules, enrich: features?.enrich })
      }),
    )
    const endpoints: Endpoints = new Map(
      wired.map(({ runtime }) => [runtime.name, traceEndpoint(tracing, runtime)]),
    )
    const learned = await wireLearning({
      config,
      ids,
      store,
      journal,
      gateway,
      endpoints: new Map(wired.map(({ runtime, learning }) => [runtime.name, { ...runtime, learning }])),
      metrics,
      events,
      logger,
      tracing,
      clock,
      isAhead: storeClock.isAhead,
      begun,
    })

    const console = createConsole({
      endpoints,
      workers: () => models.workers(),
      clock,
    })
    events.listen((event) => console.happened(event))
    const synchronise = createSynchroniser(
      wired.map(({ runtime }) => runtime),
      logger,
      events,
    )
    await synchronise()
    learned.start()

    begun.defer(() => models.close())
    await models.start()
    const background = runInBackground(synchronise, synchroniseEveryMs)
    begun.defer(async () => {
      await background.stop()
      await synchronise()
    })

    const parking = createParking({
      learner: learned.direct,
      endpoints,
      clock,
      settled: (outcome) => metrics.feedback.accepted({ ...outcome, outcome: outcome.status }),
    })
    const attendant = runInBackground(() => parking.retry(), retryParkedEveryMs)
    begun.defer(async () => {
      await attendant.stop()
      await parking.retry()
    })

    wireSecrets({ environment, store: remote, key: keys[0]!, ids, logger, begun })

    const workers = () => models.workers()
    const lookout = wireLookout({ endpoints, workers, console, events, clock, everyMs: lookEveryMs })
    begun.defer(() => lookout.stop())

    // When a token ends is not for whoever sets the store's clock to say.
    const access = await wireAccess({ config, logger, clock: Date.now, monotonic, begun })

    let stopping = false
    const app = createApp({
      endpoints,
      ids,
      learner: learned.learner,
      parking,
      decisionLog: alsoTold(console, alsoTold(learned.decisionLog, tracing?.evaluations)),
      console,
      trace: tracing?.requests,
      accessSample: config.log.accessSample,
      random: Math.random,
      access,
      limits: config.limits,
      metrics,
      logger,
      randomBytes: createRandomPool(randomBytes),
      clock,
      monotonic,
      workers,
      isStopping: () => stopping,
    })
    return {
      app,
      gates: wireGates({ config, overload, metrics }),
      endpoints,
      settled: models.settled,
      announceStop() {
        stopping = true
        console.close()
      },
      close: () => begun.disposeAsync(),
    }
  }
}
