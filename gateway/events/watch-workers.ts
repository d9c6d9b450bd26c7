import type { WorkerView } from '../endpoint-runtime.ts'
import type { Events } from './events.ts'

/** Looks at the model workers again and again, and tells which went and came back. A worker's first start is no news. */
export function watchWorkers({ emit }: Pick<Events, 'emit'>): (workers: readonly WorkerView[]) => void {
  const before = new Map<string, WorkerView>()
  const beenUp = new Set<string>()
  const quarantined = new Set<string>()

  function look(worker: WorkerView): void {
    const { model, replica, state, restarts } = worker
    const about = `${model}/${replica}`
    const was = before.get(about)
    before.set(about, worker)
    if (was === undefined) return
    if (isAnother(was, worker)) return void beenUp.delete(about)
    if (was.state === 'up') beenUp.add(about)
    const facts = { model, replica, restarts }
    if (state === 'quarantined' && !quarantined.has(about)) {
      quarantined.add(about)
      const detail = `worker ${about} ended or hung too often: it is tried once a minute`
      emit({ kind: 'arm_quarantined', about, detail, facts })
    }
    if (state === 'up' && quarantined.delete(about))
      emit({ kind: 'arm_released', about, detail: `worker ${about} is out of quarantine`, facts })
    // Who drains was told to: another version has taken its place.
    if (was.state === 'up' && state !== 'up' && state !== 'draining')
      emit({ kind: 'worker_down', about, detail: `worker ${about} is down`, facts })
    if (restarts > was.restarts)
      emit({ kind: 'worker_restarted', about, detail: `worker ${about} was restarted`, facts })
    if (was.state !== 'up' && state === 'up' && beenUp.has(about))
      emit({ kind: 'worker_up', about, detail: `worker ${about} is up again`, facts })
  }

  /** Of a version that was replaced nothing is left, and its numbers are used again. */
  function forget(workers: readonly WorkerView[]): void {
    const there = new Set(workers.map(({ model, replica }) => `${model}/${replica}`))
    for (const about of before.keys()) {
      if (there.has(about)) continue
      before.delete(about)
      beenUp.delete(about)
      quarantined.delete(about)
    }
  }

  return (workers) => {
    forget(workers)
    workers.forEach(look)
  }
}

/** Whether another version has its place, or the same one anew after a third that came and went between two looks. */
function isAnother(was: WorkerView, now: WorkerView): boolean {
  if (was.version !== now.version || now.restarts < was.restarts) return true
  // Who starts once more has one restart more.
  return was.state === 'up' && now.state === 'starting' && now.restarts === was.restarts
}
