import type { EndpointRuntime, WorkerView } from '../endpoint-runtime.ts'
import { workersOf } from './workers-of.ts'
import type { EventKind } from './shape.ts'

type Tell = (kind: EventKind, about: string) => void
type Watched = Pick<EndpointRuntime, 'settings' | 'arms'> & {
  readonly agent: Pick<EndpointRuntime['agent'], 'warnings'>
}

/** Looks at an endpoint again and again, and tells what has changed since it looked before. */
export function createWatcher(endpoint: Watched, tell: Tell): (workers: readonly WorkerView[]) => void {
  // What has never been up is starting, which is no news.
  const wasAvailable = new Map<string, boolean>()
  const beenUp = new Set<string>()
  const replicasBefore = new Map<string, WorkerView>()
  let warnedOf = new Set<string>()

  function lookAtArms(): void {
    for (const [name, arm] of endpoint.arms) {
      const isAvailable = arm.available()
      const was = wasAvailable.get(name)
      if (was !== undefined && was !== isAvailable) tell(isAvailable ? 'arm back' : 'arm unavailable', name)
      if (isAvailable || was !== undefined) wasAvailable.set(name, isAvailable)
    }
  }

  function lookAtReplicas(workers: readonly WorkerView[]): void {
    for (const worker of workers) {
      const about = `${worker.model}/${worker.replica}`
      const was = replicasBefore.get(about)
      replicasBefore.set(about, worker)
      if (was?.state === 'up') beenUp.add(about)
      if (was === undefined) continue
      if (was.state === 'up' && worker.state !== 'up') tell('worker down', about)
      if (worker.restarts > was.restarts) tell('worker restarted', about)
      if (was.state !== 'up' && worker.state === 'up' && beenUp.has(about)) tell('worker up', about)
    }
  }

  function lookAtWarnings(): void {
    const now = new Set(endpoint.agent.warnings().map(({ code }) => code))
    for (const code of now) if (!warnedOf.has(code)) tell('warning', code)
    for (const code of warnedOf) if (!now.has(code as never)) tell('warning over', code)
    warnedOf = now
  }

  return (workers) => {
    lookAtReplicas(workersOf(endpoint.settings.arms, workers))
    lookAtArms()
    lookAtWarnings()
  }
}
