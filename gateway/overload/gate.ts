import type { IncomingMessage, ServerResponse } from 'node:http'
import { GatewayError, toProblem } from '../errors.ts'
import { mostRetrySeconds } from '../http/retry-after.ts'
import type { RequestMetrics } from '../telemetry/metrics/metrics.ts'
import { createPace } from './pace.ts'
import { createSlowPlaces } from './slow-places.ts'
import { predictionRoute, type PredictionRoute } from './prediction-route.ts'
import type { Shedder } from './shedder.ts'
import { createTurns } from './turns.ts'

/** Calls `enter` when a request may go on; one that may not is answered here. */
export type Gate = (request: IncomingMessage, response: ServerResponse, enter: () => void) => void

interface GateDeps extends Pick<Shedder, 'limitOf' | 'leavingPerSecond'> {
  readonly metrics: RequestMetrics
  readonly refused: () => void
  /** Uniform in [0, 1). */
  readonly random: () => number
}

const detail = 'the gateway has too much to do: send it again after Retry-After seconds'
const error = new GatewayError('overloaded', detail)
const problem = toRefusals('application/problem+json', toProblem(error))
const inferenceError = toRefusals('application/json', { error: detail })

/** A refusal is about a quarter of the work of a prediction: so many of them take a tenth of what predictions take. */
const refusalsAPrediction = 0.4
/** Where predictions are slow, refusals are not what slows them. */
const leastRefusalsPerSecond = 500

/**
 * Counts the predictions under way, and refuses what is too much: before anything else is done with a request, and
 * with answers that are ready. Beyond a rate even so it would be refusals that the gateway is busy with; they wait then,
 * and their clients, which send nothing more on the connection before they know, with them.
 */
export function createGate({ limitOf, leavingPerSecond, metrics, refused, random }: GateDeps): Gate {
  const refusals = createPace({
    perSecond: () => Math.max(leastRefusalsPerSecond, refusalsAPrediction * leavingPerSecond()),
    now: () => performance.now(),
    after: (ms, task) => void setTimeout(task, ms),
  })

  const places = createSlowPlaces(() => performance.now())
  const turns = createTurns({ now: () => performance.now(), atEnd: (task) => void setImmediate(task) })

  return (request, response, enter) => {
    const found = predictionRoute(request.method, request.url ?? '')
    if (found === undefined) enter()
    else turns.run(() => decide(response, found, enter))
  }

  function decide(response: ServerResponse, found: PredictionRoute, enter: () => void): void {
    const limit = limitOf(found.endpoint)
    if (limit.enters() || (places.free() && limit.enters())) {
      places.take(response, limit)
      response.once('close', () => {
        if (places.leave(response)) limit.left(inVain.has(response.statusCode))
      })
      return enter()
    }
    refused()
    refusals.run(() => refuse(response, found))
  }

  function refuse(response: ServerResponse, { route, isInference }: PredictionRoute): void {
    if (response.destroyed) return
    const ready = isInference ? inferenceError : problem
    const { headers, body } = ready[Math.floor(random() * ready.length)]!
    response.writeHead(error.status, headers)
    response.end(body)
    metrics.started()
    metrics.finished({ method: 'POST', route, status: error.status, seconds: 0 })
  }
}

/** Its queue was full, or its deadline came. */
const inVain: ReadonlySet<number> = new Set([503, 504])

function toRefusals(type: string, value: object) {
  const body = Buffer.from(JSON.stringify(value))
  return Array.from({ length: mostRetrySeconds }, (_, index) => ({
    body,
    headers: { 'content-type': type, 'content-length': body.length, 'retry-after': String(index + 1) },
  }))
}
