import { runInBackground, type Background } from '../background.ts'
import type { Console } from '../console/console.ts'
import type { Endpoints, WorkerView } from '../endpoint-runtime.ts'
import type { Events } from '../events/events.ts'
import { watchEndpoint } from '../events/watch-endpoint.ts'
import { watchFeedback } from '../events/watch-feedback.ts'
import { watchShares } from '../events/watch-shares.ts'
import { watchWinner } from '../events/watch-winner.ts'
import { watchWorkers } from '../events/watch-workers.ts'
import { watchMonitor } from '../monitoring/watch-monitor.ts'

export interface LookoutDeps {
  readonly endpoints: Endpoints
  readonly workers: () => readonly WorkerView[]
  readonly console: Pick<Console, 'look'>
  readonly events: Events
  /** Milliseconds since 1970. */
  readonly clock: () => number
  readonly everyMs: number
}

/** Looks again and again at what nobody tells of by itself, and tells it. */
export function wireLookout({
  endpoints,
  workers,
  console,
  events,
  clock,
  everyMs,
}: LookoutDeps): Background {
  const watches = [...endpoints.values()].flatMap((endpoint) => [
    watchEndpoint(endpoint, events),
    watchFeedback(endpoint, events, clock),
    watchShares(endpoint, events),
    watchWinner(endpoint, events),
    watchMonitor(endpoint, events),
  ])
  const lookAtWorkers = watchWorkers(events)
  return runInBackground(async () => {
    lookAtWorkers(workers())
    for (const look of watches) look()
    console.look()
  }, everyMs)
}
