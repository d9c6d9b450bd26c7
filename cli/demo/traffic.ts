import { setTimeout as sleep } from 'node:timers/promises'
import type { FeedbackSender } from './feedback-sender.ts'
import type { GatewayClient } from './gateway-client.ts'
import type { Random } from './random.ts'
import { askUntilAnswered } from './retry.ts'
import type { PlannedRequest } from './stream.ts'
import type { Tally } from './tally.ts'
import { createTasks } from './tasks.ts'

export interface TrafficDeps {
  readonly client: Pick<GatewayClient, 'predict'>
  readonly feedback: Pick<FeedbackSender, 'schedule'>
  readonly tally: Tally
  readonly random: Random
  readonly signal: AbortSignal
}

/** How long a gateway may be away before a request counts as failed. */
const patienceMs = 15_000

/**
 * Sends every planned request at its time, `perSecond` of them, whether or not earlier ones have been answered
 * (open loop: a slow gateway gets no mercy). Resolves when each has been answered or has failed.
 */
export const sendTraffic = async (
  planned: Iterable<PlannedRequest>,
  perSecond: number,
  { client, feedback, tally, random, signal }: TrafficDeps,
): Promise<void> => {
  const tasks = createTasks()

  const send = async (request: PlannedRequest): Promise<void> => {
    const sentAt = performance.now()
    const reply = await askUntilAnswered(() => client.predict(request.pixels), {
      patienceMs,
      random,
      signal,
      onRetry: () => tally.requestRetried(),
    })
    if (reply.status !== 'answered') return tally.requestFailed(reply.reason)
    const { arm, label, recorded, predictionId } = reply.value
    tally.answered(request.index, { arm, label, truth: request.label, latencyMs: performance.now() - sentAt })
    if (recorded) feedback.schedule(request, predictionId)
    else tally.answeredUnrecorded()
  }

  const startedAt = performance.now()
  for (const request of planned) {
    const waitMs = startedAt + (request.index * 1_000) / perSecond - performance.now()
    // A sender that is behind still pauses now and then, or it would never read an answer.
    if (waitMs >= 1 || request.index % 16 === 0) await sleep(Math.max(0, waitMs), undefined, { signal })
    tally.requestSent()
    tasks.add(send(request))
  }
  await tasks.settled()
}
