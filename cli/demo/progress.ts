import type { EndpointView } from './endpoint-view.ts'
import { percentile } from './percentile.ts'
import type { FeedbackCounts, RequestCounts, Tally } from './tally.ts'
import { changeAt, type Phase } from './stream.ts'

/** What the terminal shows at one moment. Unknown numbers are NaN. */
export interface Progress {
  readonly title: string
  readonly stage: Phase | 'feedback' | 'models'
  readonly elapsedMs: number
  readonly plannedMs: number
  readonly arms: readonly ArmProgress[]
  /** As the gateway believes, in right answers: missed by the next one, and by all since the start. */
  readonly regret: { readonly perDecision: number; readonly sinceStart: number }
  readonly requests: RequestCounts & {
    readonly perSecond: number
    readonly p50Ms: number
    readonly p99Ms: number
  }
  readonly feedback: FeedbackCounts & { readonly waiting: number }
  readonly gateway: string
}

export interface ArmProgress {
  readonly name: string
  readonly available: boolean
  /** Over the latest requests: part of the answers that came from this arm, and part of those that were right. */
  readonly share: number
  readonly accuracy: number
  /** As the gateway believes. */
  readonly mean: number
  readonly interval: readonly [number, number]
  readonly best: number
  readonly pending: number
  /** Half of the labels come sooner. */
  readonly delayMs: number
}

/** Requests of this long ago still count as recent. */
const recentMs = 5_000

export interface ProgressInputs {
  readonly title: string
  readonly gateway: string
  readonly tally: Tally
  readonly view: EndpointView
  readonly stage: 'traffic' | 'feedback' | 'models'
  readonly perSecond: number
  readonly elapsedMs: number
  readonly waiting: number
}

export const toProgress = (inputs: ProgressInputs): Progress => {
  const { tally, view, perSecond, elapsedMs } = inputs
  const { sent } = tally.requests
  const from = sent - Math.round((perSecond * recentMs) / 1_000)
  const recent = tally.armCounts(from, sent)
  const answers = recent.reduce((sum, { answered }) => sum + answered, 0)
  const latencies = tally.latencies(Math.max(0, from), sent)
  const phase: Phase = sent <= changeAt(tally.total) ? 'clean' : 'noisy'
  const coveredMs = Math.min(recentMs, elapsedMs)
  return {
    title: inputs.title,
    gateway: inputs.gateway,
    stage: inputs.stage === 'traffic' ? phase : inputs.stage,
    elapsedMs,
    plannedMs: (tally.total / perSecond) * 1_000,
    arms: tally.arms.map((name, arm) => {
      const seen = view.arms.find((other) => other.name === name)
      const { answered, right } = recent[arm]!
      return {
        name,
        available: seen?.state === 'active',
        share: answered / answers,
        accuracy: right / answered,
        mean: seen?.mean ?? Number.NaN,
        interval: seen?.interval ?? [Number.NaN, Number.NaN],
        best: seen?.probability_best ?? Number.NaN,
        pending: seen?.pending ?? Number.NaN,
        delayMs: seen?.delay_ms?.p50 ?? Number.NaN,
      }
    }),
    regret: {
      perDecision: view.expected_regret.per_decision,
      sinceStart: view.expected_regret.since_start ?? Number.NaN,
    },
    requests: {
      ...tally.requests,
      perSecond: inputs.stage === 'traffic' ? (answers * 1_000) / coveredMs : 0,
      p50Ms: percentile(latencies, 0.5),
      p99Ms: percentile(latencies, 0.99),
    },
    feedback: { ...tally.feedback, waiting: inputs.waiting },
  }
}
