import { Counter, Gauge, type Registry } from 'prom-client'

export interface WorkerMetrics {
  /** True once the worker's model answers, false as soon as it is gone. */
  up(model: string, replica: number, isUp: boolean): void
  restarted(model: string, replica: number): void
  /** It ended though nobody told it to stop. `signal`: the name of what ended it, or `none`. */
  exited(model: string, signal: string): void
}

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
  const exits = new Counter({
    name: 'bandit_worker_exits_total',
    help: 'Ends of model workers that nobody told to stop, by the signal that ended them',
    labelNames: ['model', 'signal'],
    registers,
  })
  return {
    up(model, replica, isUp) {
      workerUp.set({ model, replica }, Number(isUp))
      // From 0, as Prometheus sees no increase in a counter that begins above it.
      restarts.inc({ model, replica }, 0)
    },
    restarted: (model, replica) => restarts.inc({ model, replica }),
    exited: (model, signal) => exits.inc({ model, signal }),
  }
}
