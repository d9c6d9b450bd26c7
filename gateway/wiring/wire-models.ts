import type { Logger } from 'pino'
import { createSupervisor, type Replica } from '../../model-workers/supervisor.ts'
import type { ModelConfig } from '../config/config.ts'
import type { RemoteModelConfig } from '../config/remote.ts'
import type { WorkerView } from '../endpoint-runtime.ts'
import type { Events } from '../events/events.ts'
import { runInBackground, type Background } from '../background.ts'
import { findVersion, nameOfVersion, type FoundVersion } from '../repository/find-version.ts'
import { createModelServer, type ModelServer } from '../repository/model-server.ts'
import { createModelWatch } from '../repository/watch-model.ts'
import { faultOfModelFile } from '../security/model-file.ts'
import type { OutboundPolicy } from '../security/outbound-policy.ts'
import { StartFault } from '../start-fault.ts'
import type { Metrics } from '../telemetry/metrics.ts'
import { createReplicaLog } from '../telemetry/replica-log.ts'
import type { Tracing } from '../telemetry/tracing.ts'
import { createReplicaClient } from '../upstream/client.ts'
import { createModelUpstream, type ModelUpstream } from '../upstream/model-upstream.ts'
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
}

export interface ModelsDeps {
  readonly models: readonly ModelConfig[]
  readonly remotes: readonly RemoteModelConfig[]
  readonly outbound: OutboundPolicy
  /** The only folder that their files may come from; absent = any. */
  readonly folder?: string | undefined
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
  const { models, folder, fenced, pollMs, events, metrics, logger, tracing } = deps
  const found = await findModels(models)
  const faultOf = (file: string, { sha256 }: ModelConfig) => faultOfModelFile(file, { folder, sha256 })
  const refused = models.flatMap((model) => {
    const fault = faultOf(found.get(model.name)!.file, model)
    return fault === undefined ? [] : [`${model.name}: ${fault}`]
  })
  if (refused.length > 0) throw new StartFault(['models are not loaded', ...refused].join('\n'))
  const remotes = wireRemotes(deps)
  let supervisor: Supervisor | undefined
  let closing = false
  const servers = new Map<string, ModelServer>()
  const watches: Background[] = []
  const upstreams = new Map(
    models.map(({ name, maxBatch, queue }) => [
      name,
      createModelUpstream({
        name,
        maxBatch,
        queueLimit: queue,
        metrics: metrics.upstream,
        tracer: tracing?.upstream,
        createClient: (address) => createReplicaClient({ model: name, address }),
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

  function createServer(model: ModelConfig): ModelServer {
    const { name, replicas } = model
    return createModelServer<Replica>({
      upstream: upstreams.get(name)!,
      replicas,
      launch: ({ name: version, file }, firstIndex, tell) =>
        supervisor!.launch({ name, onnx: file, version, replicas }, { firstIndex, onChange: tell }),
      changed: onChange,
      faultOf: (file) => faultOf(file, model),
    })
  }

  async function startModel(model: ModelConfig): Promise<void> {
    const { name, onnx: path, reload } = model
    const first = found.get(name)!
    // A file that has gone since it was found is for its worker to tell.
    const version = await nameOfVersion(first).catch(() => 'unknown')
    const server = createServer(model)
    server.start({ name: version, file: first.file })
    metrics.workers.version(name, version)
    servers.set(name, server)
    if (!reload) return
    const look = createModelWatch({
      path,
      found: first,
      version,
      async load(next, before) {
        if (closing) return 'the gateway is stopping'
        const beganAt = performance.now()
        const reason = await server.replace(next)
        if (reason !== undefined) return reason
        metrics.workers.version(name, next.name)
        metrics.workers.reloaded(name, 'reloaded')
        const tookMs = Math.round(performance.now() - beganAt)
        events.emit({
          kind: 'model_reloaded',
          about: name,
          detail: `model ${name} is served in version ${next.name} in place of ${before}`,
          facts: { model: name, version: next.name, before, took_ms: tookMs },
        })
        return undefined
      },
      refused(next, reason) {
        if (closing) return
        metrics.workers.reloaded(name, 'refused')
        events.emit({
          kind: 'model_reload_failed',
          about: name,
          detail: `version ${next} of model ${name} is not served, the one before it goes on: ${reason}`,
          facts: { model: name, version: next },
        })
      },
    })
    watches.push(runInBackground(look, pollMs))
  }

  return {
    upstreams: new Map([...upstreams, ...remotes.upstreams]),
    settled: settled.promise,
    async start() {
      const remotesFound = remotes.start()
      const variables = { LOG_LEVEL: logger.level, ...tracing?.workerVariables }
      supervisor = await createSupervisor({ models: [], fenced, logger, variables })
      await Promise.all(models.map(startModel))
      metrics.workers.watch(() =>
        supervisor!.replicas().map(({ model, index, pid }) => ({ model, replica: index, pid })),
      )
      await remotesFound
    },
    workers: () => [
      ...(supervisor?.replicas() ?? []).map((replica) => {
        const version = servers.get(replica.model)?.versionOf(replica.index)
        return toWorkerView(replica, version)
      }),
      ...remotes.replicas(),
    ],
    async close() {
      closing = true
      await Promise.all([...upstreams.values()].map((upstream) => upstream.close()))
      await remotes.close()
      await supervisor?.stop()
      await Promise.all(watches.map((watch) => watch.stop()))
    },
  }
}

async function findModels(models: readonly ModelConfig[]): Promise<ReadonlyMap<string, FoundVersion>> {
  const found = new Map<string, FoundVersion>()
  const lost: string[] = []
  await Promise.all(
    models.map(async ({ name, onnx }) => {
      const version = await findVersion(onnx)
      if (version === undefined) lost.push(`${name}: ${onnx}`)
      else found.set(name, version)
    }),
  )
  if (lost.length === 0) return found
  const files = lost.toSorted().join(', ')
  throw new StartFault(
    `no model file at ${files}: put it there, as <version>/model.onnx in a folder, or correct models.<name>.onnx`,
  )
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
