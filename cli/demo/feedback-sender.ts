import { setTimeout as sleep } from 'node:timers/promises'
import { createBatcher } from './batcher.ts'
import type { GatewayClient, LabelEvent } from './gateway-client.ts'
import type { Random } from './random.ts'
import { askUntilAnswered, type RetryDeps } from './retry.ts'
import type { PlannedRequest } from './stream.ts'
import type { Tally } from './tally.ts'
import { createTasks } from './tasks.ts'

export interface FeedbackSenderDeps {
  readonly client: Pick<GatewayClient, 'feedback' | 'feedbackBatch'>
  readonly tally: Tally
  readonly random: Random
  readonly signal: AbortSignal
}

export interface FeedbackSender {
  /** Posts the true label of an answered request when its delay is over, and the duplicate if one is planned. */
  schedule(request: PlannedRequest, predictionId: string): void
  /** Events not yet settled. */
  waiting(): number
  /** Resolves when every event so far has been acknowledged, refused or given up. */
  drained(): Promise<void>
}

export interface Delivery {
  readonly index: number
  readonly event: LabelEvent
}

const patienceMs = 30_000

/**
 * Delivers labels at least once: a post is repeated until the gateway answers. That is safe, because an event is
 * known by its prediction and its event id, and counts once however often it comes.
 */
export const createFeedbackSender = ({
  client,
  tally,
  random,
  signal,
}: FeedbackSenderDeps): FeedbackSender => {
  const tasks = createTasks()
  const retry: RetryDeps = { patienceMs, random, signal, onRetry: () => tally.feedbackRetried() }

  const postOne = async ({ index, event }: Delivery): Promise<void> => {
    const reply = await askUntilAnswered(() => client.feedback(event), retry)
    if (reply.status !== 'answered') return tally.feedbackOutcome(reply.reason)
    tally.feedbackOutcome(reply.value)
    tally.acknowledged(index)
  }

  /** Lines that the gateway could not take just now go round again alone, under the same ids. */
  const postBatch = async (deliveries: readonly Delivery[]): Promise<void> => {
    const reply = await askUntilAnswered(
      () => client.feedbackBatch(deliveries.map(({ event }) => event)),
      retry,
    )
    if (reply.status !== 'answered') return tally.feedbackOutcome(reply.reason, deliveries.length)
    tally.feedbackBatch()
    const { refused, counts } = reply.value
    for (const [verdict, count] of counts) if (taken.has(verdict)) tally.feedbackOutcome(verdict, count)
    await Promise.all(
      deliveries.map(async (delivery, line) => {
        const code = refused.get(line)
        if (code === undefined) tally.acknowledged(delivery.index)
        else if (code === 'store_unavailable') await postOne(delivery)
        else tally.feedbackOutcome(code)
      }),
    )
  }

  const batcher = createBatcher(postBatch, { size: 100, waitMs: 250, signal })

  const deliverAfter = async (delayMs: number, delivery: Delivery, batched: boolean): Promise<void> => {
    await sleep(delayMs, undefined, { signal })
    await (batched ? batcher.add(delivery) : postOne(delivery))
  }

  return {
    schedule: ({ index, label, feedback }, predictionId) => {
      const { delayMs, duplicateAfterMs, batched } = feedback
      const delivery: Delivery = { index, event: { prediction_id: predictionId, label, event_id: 'label' } }
      tasks.add(deliverAfter(delayMs, delivery, batched))
      if (duplicateAfterMs === undefined) return
      tasks.add(deliverAfter(delayMs + duplicateAfterMs, delivery, batched))
    },
    waiting: () => tasks.size(),
    drained: () => tasks.settled(),
  }
}

/** Verdicts under which an event is the gateway's from now on; every other line is in `refused` as well. */
const taken = new Set(['applied', 'duplicate', 'corrected', 'journalled'])
