import { Counter, Gauge, type Registry } from 'prom-client'
import type { ReplicaState } from '../../upstream/replicas/replica.ts'
import { residentMemory } from './resident-memory.ts'

export interface WorkerProcess {
  readonly model: string
  readonly replica: number
  readonly pid?: number | undefined
}

export interface WorkerMetrics {
  /** True once the worker's model answers, false as soon as it is gone. */
  up(model: string, replica: number, isUp: boolean): void
  restarted(model: string, replica: number): void
  /** It ended though nobody told it to stop. `signal`: the name of what ended it, or `none`. */
  exited(model: string, signal: string): void
  /** It was stopped for good: its series go. */
  stopped(model: string, replica: number): void
  /** The model is served in this version from now on. */
  version(model: string, version: string): void
  /** A new version was put in place, or refused. */
  reloaded(model: string, outcome: 'reloaded' | 'refused'): void
  /** One was to be replaced by another of its version. */
  recycled(model: string, reason: 'memory', outcome: 'replaced' | 'failed'): void
  /** What the gateway makes of a replica; `resting` is an open breaker. */
  replica(model: string, replica: number, state: ReplicaState): void
  /** From now on the memory of these is shown. */
  watch(processes: () => readonly WorkerProcess[]): void
}

/** Hangs and want of memory, crashes, and an exit of its own. */
const usualEnds = ['SIGKILL', 'SIGSEGV', 'SIGABRT', 'none'] as const

const replicaStates = ['serving', 'suspect', 'resting', 'refused'] as const

export function createWorkerMetrics(registry: Registry): WorkerMetrics {
  const registers = [registry]
  const workerUp = new Gauge({
    name: 'bandit_worker_up',
    help: '1 while the model worker answers',
    labelNames: ['model', 'replica'],
    registers,
  })
  const restarts = new Counter({
    name: 'bandit_worker_restarts_total',
    help: 'Model workers started again after they were lost',
    labelNames: ['model', 'replica'],
    registers,
  })
  const states = new Gauge({
    name: 'bandit_replica_state',
    help: '1 for what the gateway makes of the replica: serving, suspect until a probe, resting after many faults, refused',
    labelNames: ['model', 'replica', 'state'],
    registers,
  })
  let watched: () => readonly WorkerProcess[] = () => []
  const memory = new Gauge({
    name: 'bandit_worker_resident_memory_bytes',
    help: 'Memory of the model worker, where the system tells (Linux)',
    labelNames: ['model', 'replica'],
    registers,
    async collect() {
      const measured = await Promise.all(
        watched().map(async ({ model, replica, pid }) => ({
          labels: { model, replica },
          bytes: pid === undefined ? undefined : await residentMemory(pid),
        })),
      )
      memory.reset()
      for (const { labels, bytes } of measured) if (bytes !== undefined) memory.set(labels, bytes)
    },
  })
  const exits = new Counter({
    name: 'bandit_worker_exits_total',
    help: 'Ends of model workers that nobody told to stop, by the signal that ended them',
    labelNames: ['model', 'signal'],
    registers,
  })
  const versions = new Gauge({
    name: 'bandit_model_version_info',
    help: 'Always 1; the version that the model is served in is in the label',
    labelNames: ['model', 'version'],
    registers,
  })
  const served = new Map<string, string>()
  const reloads = new Counter({
    name: 'bandit_model_reloads_total',
    help: 'New versions of models that were found: put in place, or refused for what was wrong with them',
    labelNames: ['model', 'outcome'],
    registers,
  })
  const recycles = new Counter({
    name: 'bandit_worker_recycles_total',
    help: 'Model workers that another one of the same version was started for, as they held too much memory',
    labelNames: ['model', 'reason', 'outcome'],
    registers,
  })
  return {
    version(model, version) {
      const before = served.get(model)
      if (before === undefined) {
        // From 0, as Prometheus sees no increase in a counter that begins above it.
        for (const outcome of ['reloaded', 'refused']) reloads.inc({ model, outcome }, 0)
        for (const outcome of ['replaced', 'failed']) recycles.inc({ model, reason: 'memory', outcome }, 0)
        for (const signal of usualEnds) exits.inc({ model, signal }, 0)
      } else {
        versions.remove({ model, version: before })
      }
      served.set(model, version)
      versions.set({ model, version }, 1)
    },
    recycled: (model, reason, outcome) => recycles.inc({ model, reason, outcome }),
    reloaded: (model, outcome) => reloads.inc({ model, outcome }),
    up(model, replica, isUp) {
      workerUp.set({ model, replica }, Number(isUp))
      // From 0, as Prometheus sees no increase in a counter that begins above it.
      restarts.inc({ model, replica }, 0)
    },
    restarted: (model, replica) => restarts.inc({ model, replica }),
    stopped(model, replica) {
      workerUp.remove({ model, replica })
      restarts.remove({ model, replica })
    },
    replica(model, replica, state) {
      const now = state === 'idle' || state === 'running' ? 'serving' : state
      for (const each of replicaStates) {
        if (now === 'gone') states.remove({ model, replica, state: each })
        else states.set({ model, replica, state: each }, Number(each === now))
      }
    },
    watch: (processes) => void (watched = processes),
    exited: (model, signal) => exits.inc({ model, signal }),
  }
}
