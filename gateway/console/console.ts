import type { Decision } from '../../bandit/index.ts'
import { eventLevels, type GatewayEvent } from '../events/event.ts'
import type { EndpointRuntime, Endpoints, WorkerView } from '../endpoint-runtime.ts'
import { createHistory } from './history.ts'
import { toFacts, toNow } from './picture.ts'
import { createRing } from './ring.ts'
import { createSampler } from './sampler.ts'
import type { ConsoleUpdate, DecisionNote, EndpointNow, EndpointPicture, EventNote } from './shape.ts'
import { modelsOfEndpoint } from '../config/models/models-of.ts'

/** What the console knows of the endpoints: the present, an hour of the past, and what was decided last. */
export interface Console {
  /** All that the request path pays for the console: one write to a ring. */
  decided(decision: Decision, facts: { readonly failedOver: boolean }): void
  /** Something happened: it is shown with the endpoints that it concerns. */
  happened(event: GatewayEvent): void
  /** Looks once. To be called every second; views are taken only while somebody watches, or for the history. */
  look(): void
  /** Everything at once. */
  everything(): ConsoleUpdate
  /** Everything, then what is new after each look; ends with the console. Undefined where too many watch already. */
  watch(): AsyncGenerator<ConsoleUpdate, void, void> | undefined
  /** Ends whoever watches, so that the server can close. */
  close(): void
}

export interface ConsoleDeps {
  readonly endpoints: Endpoints
  readonly workers: () => readonly WorkerView[]
  /** Milliseconds since 1970. */
  readonly clock: () => number
}

const keptDecisions = 50
const keptEvents = 100
const maxWatchers = 32
const watchedStepMs = 1000
const unwatchedStepMs = 5000
/** A timer that fires a little early must not cost a whole step. */
const slackMs = 100

export function createConsole({ endpoints, workers, clock }: ConsoleDeps): Console {
  const startedAt = clock()
  const files = new Map([...endpoints.values()].map((endpoint) => [endpoint.name, openFile(endpoint)]))
  let sequence = 0
  let sampledAt = -Infinity
  let watchers = 0
  let closed = false
  let nextLook = Promise.withResolvers<void>()

  function openFile(endpoint: EndpointRuntime) {
    return {
      endpoint,
      facts: toFacts(endpoint),
      history: createHistory(),
      decisions: createRing<DecisionNote>(keptDecisions),
      events: createRing<EventNote>(keptEvents),
      sample: createSampler(),
      now: undefined as EndpointNow | undefined,
    }
  }

  function sample(): void {
    sampledAt = clock()
    const views = workers()
    for (const file of files.values()) {
      const view = file.endpoint.agent.view()
      file.now = toNow(file.endpoint, view, views)
      file.history.add(++sequence, file.sample(view, sampledAt))
    }
  }

  function sampleUnlessFresh(stepMs: number): void {
    if (clock() - sampledAt >= stepMs - slackMs) sample()
  }

  function updateAfter(cursor: number): ConsoleUpdate {
    const pictures = Array.from(
      files.values(),
      ({ facts, now, history, decisions, events }): EndpointPicture => ({
        ...facts,
        now: now!,
        history: history.after(cursor),
        decisions: decisions.after(cursor),
        events: events.after(cursor),
      }),
    )
    return { at: clock(), startedAt, whole: cursor === 0, endpoints: pictures }
  }

  function everything(): ConsoleUpdate {
    sampleUnlessFresh(watchedStepMs)
    return updateAfter(0)
  }

  async function* follow(): AsyncGenerator<ConsoleUpdate, void, void> {
    try {
      for (let update = everything(), seen = sequence; ; update = updateAfter(seen), seen = sequence) {
        yield update
        await nextLook.promise
        if (closed) return
      }
    } finally {
      watchers--
    }
  }

  return {
    decided({ endpoint, decidedAt, arm, propensity, policy, degraded }, { failedOver }) {
      const reason = failedOver ? 'failover' : degraded ? 'stale' : 'policy'
      files.get(endpoint)?.decisions.add(++sequence, { at: decidedAt, arm, propensity, policy, reason })
    },
    happened(event) {
      const { id, at, kind, detail } = event
      const note = { id, at, kind, level: eventLevels[kind], detail }
      for (const { endpoint, events } of files.values()) {
        if (concerns(event, endpoint)) events.add(++sequence, note)
      }
    },
    look() {
      sampleUnlessFresh(watchers > 0 ? watchedStepMs : unwatchedStepMs)
      nextLook.resolve()
      nextLook = Promise.withResolvers()
    },
    everything,
    watch() {
      if (closed || watchers >= maxWatchers) return undefined
      watchers++
      return follow()
    },
    close() {
      closed = true
      nextLook.resolve()
    },
  }
}

/** What names neither endpoint nor model concerns all. */
function concerns({ endpoint, facts }: GatewayEvent, { name, settings }: EndpointRuntime): boolean {
  if (endpoint !== undefined) return endpoint === name
  const model = facts?.['model']
  return typeof model !== 'string' || modelsOfEndpoint(settings).has(model)
}
