import { existsSync } from 'node:fs'
import type { Logger } from 'pino'
import { createSupervisor, type Replica } from '../../model-workers/supervisor.ts'
import type { ModelConfig } from '../config/config.ts'
import type { WorkerView } from '../endpoint-runtime.ts'
import { faultOfModelFile } from '../security/model-file.ts'
import { StartFault } from '../start-fault.ts'
import type { Metrics } from '../telemetry/metrics.ts'
import { createReplicaLog } from '../telemetry/replica-log.ts'
import type { Tracing } from '../telemetry/tracing.ts'
import { createReplicaClient } from '../upstream/client.ts'
import { createModelUpstream, type ModelUpstream } from '../upstream/model-upstream.ts'

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
  /** The only folder that their files may come from; absent = any. */
  readonly folder?: string | undefined
  /** Whether workers run under Node's permission model. */
  readonly fenced: boolean
  readonly metrics: Pick<Metrics, 'upstream' | 'workers'>
  readonly logger: Logger
  /** Absent where tracing is off. */
  readonly tracing?: Tracing | undefined
}

type Supervisor = Awaited<ReturnType<typeof createSupervisor>>

/** @throws StartFault when a model's file is not there, or not to be loaded */
export function wireModels({ models, folder, fenced, metrics, logger, tracing }: ModelsDeps): Models {
  const lost = models.filter((model) => !existsSync(model.onnx))
  if (lost.length > 0) {
    const files = lost.map((model) => `${model.name}: ${model.onnx}`).join(', ')
    throw new StartFault(`no model file at ${files}: put it there or correct models.<name>.onnx`)
  }
  const refused = models.flatMap(({ name, onnx, sha256 }) => {
    const fault = faultOfModelFile(onnx, { folder, sha256 })
    return fault === undefined ? [] : [`${name}: ${fault}`]
  })
  if (refused.length > 0) throw new StartFault(['models are not loaded', ...refused].join('\n'))
  let supervisor: Supervisor | undefined
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

  function onChange({ model, index, socket, state, restarts, lastExit }: Replica): void {
    const upstream = upstreams.get(model)!
    const isUp = state === 'ready'
    if (state === 'stopped') metrics.workers.stopped(model, index)
    else metrics.workers.up(model, index, isUp)
    if (state === 'starting' && restarts > 0) metrics.workers.restarted(model, index)
    if (state === 'backoff' || state === 'quarantined')
      metrics.workers.exited(model, lastExit?.signal ?? 'none')
    if (!isUp) upstream.replicaGone(index)
    const verdict = isUp ? upstream.replicaReady({ index, socket }) : Promise.resolve(false)
    if (state === 'starting') return
    void verdict.then(() => {
      firstStarts.delete(`${model}/${index}`)
      if (firstStarts.size === 0) settled.resolve()
    })
  }

  return {
    upstreams,
    settled: settled.promise,
    async start() {
      const variables = { LOG_LEVEL: logger.level, ...tracing?.workerVariables }
      supervisor = await createSupervisor({ models, fenced, logger, onChange, variables })
      metrics.workers.watch(() =>
        supervisor!.replicas().map(({ model, index, pid }) => ({ model, replica: index, pid })),
      )
    },
    workers: () => (supervisor?.replicas() ?? []).map(toWorkerView),
    async close() {
      await Promise.all([...upstreams.values()].map((upstream) => upstream.close()))
      await supervisor?.stop()
    },
  }
}

function toWorkerView({ model, index, state, restarts }: Replica): WorkerView {
  return { model, replica: index, state: workerStates[state], restarts }
}

const workerStates = {
  starting: 'starting',
  ready: 'up',
  backoff: 'down',
  quarantined: 'quarantined',
  stopping: 'draining',
  stopped: 'down',
} as const satisfies Record<Replica['state'], WorkerView['state']>

function range(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index)
}
