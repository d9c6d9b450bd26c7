import type { Logger } from 'pino'
import type { createSupervisor, Replica } from '../../model-workers/supervisor/supervisor.ts'
import { runInBackground, type Background } from '../background.ts'
import type { ModelConfig } from '../config/config.ts'
import type { Events } from '../events/events.ts'
import { findVersion, type FoundVersion } from '../repository/find-version.ts'
import { createModelServer } from '../repository/model-server.ts'
import type { Version } from '../repository/version.ts'
import { type Excess, watchMemory } from '../repository/watch-memory.ts'
import { createModelWatch } from '../repository/watch-model.ts'
import { residentMemory } from '../telemetry/metrics/resident-memory.ts'
import type { WorkerMetrics } from '../telemetry/metrics/worker-metrics.ts'
import type { ModelUpstream } from '../upstream/model-upstream.ts'

export interface ServeModelDeps {
  readonly model: ModelConfig
  /** What was found of it before anything was started. */
  readonly found: FoundVersion
  /** The same, as it is loaded. */
  readonly version: Version
  /** Takes what was found, or says why it must not be loaded. */
  readonly admit: (found: FoundVersion) => Promise<Version | string>
  readonly supervisor: Awaited<ReturnType<typeof createSupervisor>>
  readonly upstream: ModelUpstream
  /** Told of every change of a worker that serves; see `ModelServerDeps`. */
  readonly changed: (replica: Replica) => Promise<boolean>
  /** Between two looks for new versions. */
  readonly pollMs: number
  readonly events: Pick<Events, 'emit'>
  readonly metrics: WorkerMetrics
  readonly logger: Logger
}

/** One model that is served by workers: who they are, and what looks after them. */
export interface ServedModel {
  /** Of the replica with this index. */
  versionOf(index: number): string | undefined
  /** Nothing more is put in anything's place; resolves when what was under way is over. */
  stop(): Promise<void>
}

const memoryEveryMs = 1000

/** Starts the workers of a model, and replaces them when there is a new version or one has grown beyond its memory. */
export async function serveModel(deps: ServeModelDeps): Promise<ServedModel> {
  const { model, found, admit, supervisor, upstream, changed, pollMs, events, metrics, logger } = deps
  const { name, onnx: path, reload, replicas, memory, fit } = model
  const server = createModelServer<Replica>({
    upstream,
    replicas,
    fit,
    launch({ name: version, file, source }, index, onChange) {
      const one = { name, onnx: file, source, version, replicas: 1 }
      const group = supervisor.launch(one, { firstIndex: index, onChange })
      return { replica: () => group.replicas()[0]!, stop: () => group.stop() }
    },
    changed,
    faultOf: async (version) => (stopping ? 'the gateway is stopping' : version.fault()),
  })
  const watches: Background[] = []
  let stopping = false
  let first = found
  let serving = deps.version

  /** The newest version before one that cannot be loaded. */
  async function before(reason: string): Promise<Version | undefined> {
    const other = await findVersion(path, first.number)
    if (stopping || other === undefined) return undefined
    const next = await admit(other)
    if (typeof next === 'string') return undefined
    tellRefused(serving.name, reason, `version ${next.name} is`)
    await serving.release()
    first = other
    serving = next
    metrics.version(name, next.name)
    return next
  }

  function tellRefused(refused: string, reason: string, instead: string): void {
    metrics.reloaded(name, 'refused')
    events.emit({
      kind: 'model_reload_failed',
      about: name,
      detail: `version ${refused} of model ${name} is not served, ${instead}: ${reason}`,
      facts: { model: name, version: refused },
    })
  }

  async function load(next: Version, old: string): Promise<string | undefined> {
    const beganAt = performance.now()
    const reason = await server.replace(next)
    if (reason !== undefined) return reason
    await serving.release()
    serving = next
    metrics.version(name, next.name)
    metrics.reloaded(name, 'reloaded')
    events.emit({
      kind: 'model_reloaded',
      about: name,
      detail: `model ${name} is served in version ${next.name} in place of ${old}`,
      facts: { model: name, version: next.name, before: old, took_ms: since(beganAt) },
    })
    return undefined
  }

  async function recycle({ index, pid, residentBytes, allowedBytes }: Excess): Promise<boolean> {
    const beganAt = performance.now()
    const reason = await server.recycle(index)
    if (stopping) return false
    metrics.recycled(name, 'memory', reason === undefined ? 'replaced' : 'failed')
    const facts = { model: name, replica: index, resident_bytes: residentBytes, allowed_bytes: allowedBytes }
    if (reason === undefined) {
      events.emit({
        kind: 'worker_recycled',
        about: `${name}/${index}`,
        detail: `worker ${name}/${index} held ${mebibytes(residentBytes)}, more than its ${mebibytes(allowedBytes)}: another has its place`,
        facts: { ...facts, took_ms: since(beganAt) },
      })
    } else {
      logger.warn(
        { ...facts, workerPid: pid, reason },
        'worker holds too much memory and could not be replaced',
      )
    }
    return reason === undefined
  }

  function hopeless({ index, pid, residentBytes, allowedBytes }: Excess): void {
    logger.warn(
      { model: name, replica: index, workerPid: pid },
      `worker holds ${mebibytes(residentBytes)} as soon as it is ready, and its limit is ${mebibytes(allowedBytes)}: it is not replaced for that; raise models.${name}.memory`,
    )
  }

  /** Of this model, those that requests may go to. */
  const ready = () =>
    supervisor
      .replicas()
      .flatMap(({ model, state, index, pid }) =>
        model === name && state === 'ready' && pid !== undefined ? [{ index, pid }] : [],
      )

  metrics.version(name, serving.name)
  const started = server.start(serving, found.number === undefined ? undefined : before)
  if (memory !== undefined) {
    const now = () => performance.now()
    const look = watchMemory({ limit: memory, workers: ready, residentMemory, recycle, hopeless, now })
    watches.push(runInBackground(look, memoryEveryMs))
  }
  const reloading = reload ? watchVersions() : started

  async function watchVersions(): Promise<void> {
    await started
    if (stopping) return
    const look = createModelWatch({
      path,
      found: first,
      version: serving.name,
      left: first === found ? undefined : found.mark,
      admit,
      load,
      refused(next, reason) {
        if (!stopping) tellRefused(next, reason, 'the one before it goes on')
      },
    })
    watches.push(runInBackground(look, pollMs))
  }

  return {
    versionOf: (index) => server.versionOf(index),
    async stop() {
      stopping = true
      await reloading
      await Promise.all(watches.map((watch) => watch.stop()))
    },
  }
}

const since = (at: number): number => Math.round(performance.now() - at)

const mebibytes = (bytes: number): string => `${Math.round(bytes / 2 ** 20)} MiB`
