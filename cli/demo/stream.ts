import type { LabelledImage } from './example.ts'
import { addNoise, type Noise } from './noise.ts'
import { createNormal, createRandom, shuffled, type Random } from './random.ts'

export const phases = ['clean', 'noisy'] as const
export type Phase = (typeof phases)[number]

export interface PlannedRequest {
  /** 0, 1, 2, … in the order of sending. */
  readonly index: number
  readonly phase: Phase
  readonly pixels: readonly number[]
  readonly label: number
  readonly feedback: PlannedFeedback
}

/** How the true label of one request will come back. */
export interface PlannedFeedback {
  /** From the prediction's answer to the first post. */
  readonly delayMs: number
  /** From the first post to a second one of the same event; absent = none. */
  readonly duplicateAfterMs?: number
  /** Posted together with others as NDJSON. */
  readonly batched: boolean
}

const duplicateShare = 0.03
const batchedShare = 0.3

/** First index of the noisy phase. */
export const changeAt = (total: number): number => Math.floor(total / 2)

/**
 * Everything that will be sent, in order: shuffled passes through the images, noise on the second half, a plan for
 * each label. A function of the seed alone, so that the very same images can be made again afterwards.
 */
export function* planRequests(plan: {
  readonly images: readonly LabelledImage[]
  readonly noise: Noise
  readonly seed: number
  readonly total: number
}): Generator<PlannedRequest, void> {
  const order = createRandom(plan.seed, 'order')
  const normal = createNormal(createRandom(plan.seed, 'noise'))
  const feedback = createRandom(plan.seed, 'feedback')
  let pass: LabelledImage[] = []
  for (let index = 0; index < plan.total; index++) {
    const place = index % plan.images.length
    if (place === 0) pass = shuffled(plan.images, order)
    const { pixels, label } = pass[place]!
    const phase: Phase = index < changeAt(plan.total) ? 'clean' : 'noisy'
    yield {
      index,
      phase,
      pixels: phase === 'clean' ? pixels : addNoise(pixels, plan.noise, normal),
      label,
      feedback: planFeedback(feedback),
    }
  }
}

/** A log-normal delay with median 1.4 s between 0.5 and 4 s, as answers of people come: most soon, some late. */
const planFeedback = (random: Random): PlannedFeedback => {
  const normal = createNormal(random)
  const delayMs = Math.min(4_000, Math.max(500, 1_400 * Math.exp(0.6 * normal())))
  const batched = random() < batchedShare
  if (random() >= duplicateShare) return { delayMs, batched }
  return { delayMs, batched, duplicateAfterMs: 100 + 2_400 * random() }
}
