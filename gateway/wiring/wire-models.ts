import type { Logger } from 'pino'
import { createSupervisor, type Replica } from '../../model-workers/supervisor/supervisor.ts'
import type { ModelConfig } from '../config/config.ts'
import type { RemoteModelConfig } from '../config/models/remote.ts'
import type { WorkerView } from '../endpoint-runtime.ts'
import type { Events } from '../events/events.ts'
import type { OutboundPolicy } from '../security/outbound/outbound-policy.ts'
import type { Metrics } from '../telemetry/metrics/metrics.ts'
import { createReplicaLog } from '../telemetry/replica-log.ts'
import type { Tracing } from '../telemetry/tracing.ts'
import { fitClient } from '../upstream/fit/fit-client.ts'
import { createReplicaClient } from '../upstream/replicas/client.ts'
import { createModelUpstream, type ModelUpstream } from '../upstream/model-upstream.ts'
import { admitModels } from './admit-models.ts'
import { serveModel, type ServedModel } from './serve-model.ts'
import { wireRemotes } from './wire-remotes.ts'

/** Every model that the gateway runs: where its requests go, and the processes that answer them. */
export interface Models {
  readonly upstreams: ReadonlyMap<string, ModelUpstream>
  /** Starts the processes; resolves once they are on their way. */
  start(): Promise<void>
  /** Resolves once every replica has started or failed for the first time. */
  readonly settled: Promise<void>
  workers(): readonly WorkerView[]
  /** Ends the connections, then the processes. */
  close(): Promise<void>
  /** Removes the copies of their files, when no process needs them. */
  removeCopies(): Promise<void>
}

export interface ModelsDeps {
  readonly models: readonly ModelConfig[]
  readonly remotes: readonly RemoteModelConfig[]
  readonly outbound: OutboundPolicy
  /** The only folder that their files may come from; absent = any. */
  readonly folder?: string | undefined
  /** Where their copies are kept; absent = the system's folder for temporary files. */
  readonly copiesDir?: string | undefined
  /** Whether workers run under Node's permission model. */
  readonly fenced: boolean
  /** Between two looks for new versions. */
  readonly pollMs: number
  readonly events: Pick<Events, 'emit'>
  readonly metrics: Pick<Metrics, 'upstream' | 'workers'>
  readonly logger: Logger
  /** Absent where tracing is off. */
  readonly tracing?: Tracing | undefined
}

type Supervisor = Awaited<ReturnType<typeof createSupervisor>>

/** @throws StartFault when a model's file is not there, or not to be loaded, or a server cannot be asked */
export async function wireModels(deps: ModelsDeps): Promise<Models> {
  const { models, folder, copiesDir, fenced, pollMs, events, metrics, logger, tracing } = deps
  const admission = await admitModels({ models, folder, copiesDir, logger })
  const remotes = wireRemotes(deps)
  let supervisor: Supervisor | undefined
  const served = new Map<string, ServedModel>()
  const upstreams = new Map(
    models.map(({ name, maxBatch, queue, fit }) => [
      name,
      createModelUpstream({
        name,
        maxBatch,
        queueLimit: queue,
        metrics: metrics.upstream,
        tracer: tracing?.upstream,
        createClient: (address) => fitClient(createReplicaClient({ model: name, address }), name, fit),
        replicaStuck: (replica) => killStuck(name, replica),
        replicaChanged: replicaWatch(name),
      }),
    ]),
  )
  const firstStarts = new Set(
    models.flatMap(({ name, replicas }) => range(replicas).map((n) => `${name}/${n}`)),
  )
  const settled = Promise.withResolvers<void>()
  if (firstStarts.size === 0) settled.resolve()

  function replicaWatch(model: string): ReturnType<typeof createReplicaLog> {
    const log = createReplicaLog(model, logger)
    return (replica, state, reason) => {
      metrics.workers.replica(model, replica, state)
      log(replica, state, reason)
    }
  }

  /** Nothing but SIGKILL ends a native call that does not return. */
  function killStuck(model: string, index: number): void {
    const replica = supervisor?.replicas().find((each) => each.model === model && each.index === index)
    if (replica === undefined) return
    logger.warn({ model, replica: index, workerPid: replica.pid }, 'worker is stuck: killing it')
    supervisor!.killHung(replica.socket)
  }

  function onChange({ model, index, socket, state, restarts, lastExit }: Replica): Promise<boolean> {
    const upstream = upstreams.get(model)!
    const isUp = state === 'ready'
    if (state === 'stopped') metrics.workers.stopped(model, index)
    else metrics.workers.up(model, index, isUp)
    if (state === 'starting' && restarts > 0) metrics.workers.restarted(model, index)
    if (state === 'backoff' || state === 'quarantined')
      metrics.workers.exited(model, lastExit?.signal ?? 'none')
    if (!isUp) void upstream.replicaGone(index)
    const verdict = isUp ? upstream.replicaReady({ index, socket }) : Promise.resolve(false)
    if (state === 'starting') return verdict
    return verdict.finally(() => {
      firstStarts.delete(`${model}/${index}`)
      if (firstStarts.size === 0) settled.resolve()
    })
  }

  function serve(model: ModelConfig): Promise<ServedModel> {
    const { name } = model
    return serveModel({
      model,
      supervisor: supervisor!,
      upstream: upstreams.get(name)!,
      ...admission.of(model),
      changed: onChange,
      pollMs,
      events,
      metrics: metrics.workers,
      logger,
    })
  }

  return {
    upstreams: new Map([...upstreams, ...remotes.upstreams]),
    settled: settled.promise,
    async start() {
      const remotesFound = remotes.start()
      const variables = { LOG_LEVEL: logger.level, ...tracing?.workerVariables }
      supervisor = await createSupervisor({ models: [], fenced, logger, variables })
      await Promise.all(models.map(async (model) => served.set(model.name, await serve(model))))
      metrics.workers.watch(() =>
        supervisor!.replicas().map(({ model, index, pid }) => ({ model, replica: index, pid })),
      )
      await remotesFound
    },
    workers: () => [
      ...(supervisor?.replicas() ?? []).map((replica) => {
        const version = served.get(replica.model)?.versionOf(replica.index)
        return toWorkerView(replica, version)
      }),
      ...remotes.replicas(),
    ],
    async close() {
      const over = [...served.values()].map((model) => model.stop())
      await Promise.all([...upstreams.values()].map((upstream) => upstream.close()))
      await remotes.close()
      await supervisor?.stop()
      await Promise.all(over)
    },
    removeCopies: () => admission.close(),
  }
}

function toWorkerView({ model, index, state, restarts }: Replica, version: string | undefined): WorkerView {
  return {
    model,
    replica: index,
    state: workerStates[state],
    restarts,
    ...(version !== undefined && { version }),
  }
}

const workerStates = {
  starting: 'starting',
  ready: 'up',
  backoff: 'down',
  quarantined: 'quarantined',
  stopping: 'draining',
  // Nothing but the gateway stops a worker: it is being replaced, and is gone with the next look.
  stopped: 'draining',
} as const satisfies Record<Replica['state'], WorkerView['state']>

function range(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index)
}
