import { lastChange } from './change-detection.ts'

/**
 * How much of what was learned still counts. It works on the sums that a policy reads and knows nothing of the
 * policy. Age is always that of the decision, never of the feedback.
 */
export type Forgetting =
  | { readonly kind: 'none' }
  /** A decision counts 2^−(age / half-life). */
  | { readonly kind: 'half-life'; readonly halfLifeMs: number }
  /** Decisions of the last `spanMs` count 1, older ones nothing. */
  | { readonly kind: 'sliding-window'; readonly spanMs: number }
  /** As a sliding window, but nothing counts from before the newest change that `lastChange` finds in it. */
  | {
      readonly kind: 'change-detection'
      readonly spanMs: number
      /** Chance, at most, of seeing a change where there is none. */
      readonly risk: number
      /** What starts over: the arm that changed, or all of them. */
      readonly scope: 'arm' | 'all'
    }

export const noForgetting: Forgetting = { kind: 'none' }

/** Epochs in a span. The oldest one counts by the part of it that is still inside, so no reward leaves at once. */
const epochsInSpan = 32

/** An epoch this many half-lives back counts 2^−40 ≈ 10⁻¹² a reward at most. */
const rememberedHalfLives = 40

/** Time in ms over which what was learned fades; undefined = never. */
export function memoryMs(forgetting: Forgetting): number | undefined {
  if (forgetting.kind === 'none') return undefined
  return forgetting.kind === 'half-life' ? forgetting.halfLifeMs : forgetting.spanMs
}

/** Sums are kept apart by epochs of this many ms; undefined = there is one epoch for all time. */
export function epochWidth(forgetting: Forgetting): number | undefined {
  if (forgetting.kind === 'none') return undefined
  return forgetting.kind === 'half-life' ? forgetting.halfLifeMs : forgetting.spanMs / epochsInSpan
}

/**
 * Epoch and weight of every reward of the bucket that starts at bucket · bucketMs. The weight is 1, but under a
 * half-life h: 2^−(age/h) = 2^(start/h − epoch) · 2^−(now/h − epoch), where the first factor is known when the
 * reward comes and the second is the same for a whole epoch. With epoch = ⌊start/h⌋ the first lies in [1, 2), so
 * nothing ever overflows or has to be rescaled, and decay costs nothing until the sums are read.
 */
export function placeBucket(
  bucket: number,
  bucketMs: number,
  forgetting: Forgetting,
): { readonly epoch: number; readonly weight: number } {
  const width = epochWidth(forgetting)
  if (width === undefined) return { epoch: 0, weight: 1 }
  const startMs = bucket * bucketMs
  const epoch = Math.floor(startMs / width)
  return { epoch, weight: forgetting.kind === 'half-life' ? 2 ** ((startMs - epoch * width) / width) : 1 }
}

/** The sums of one arm, see `statistics.ts`. */
export type Epochs = ReadonlyMap<number, Float64Array>

/**
 * Per arm, what its epochs' sums are multiplied by at `nowMs`, from 0 to 1. An epoch that starts after `nowMs`
 * counts as if it started just now, so that a slow clock never makes it grow. Under a half-life, inside an epoch,
 * only the caller can see skew: with `nowMs` never before the start of the newest bucket no reward counts more
 * than 1, and with a clock s behind at most 2^(s/h).
 */
export function epochWeights(
  arms: readonly Epochs[],
  nowMs: number,
  forgetting: Forgetting,
): readonly ((epoch: number) => number)[] {
  const inTime = (epoch: number) => weightByAge(epoch, nowMs, forgetting)
  if (forgetting.kind !== 'change-detection') return arms.map(() => inTime)
  const changes = arms.map((epochs) => lastChange(recent(epochs, inTime), forgetting.risk))
  const newest = Math.max(...changes)
  return changes.map((change) => {
    const since = forgetting.scope === 'all' ? newest : change
    return (epoch) => (epoch < since ? 0 : inTime(epoch))
  })
}

function recent(epochs: Epochs, weigh: (epoch: number) => number): Epochs {
  return new Map([...epochs].filter(([epoch]) => weigh(epoch) > 0))
}

function weightByAge(epoch: number, nowMs: number, forgetting: Forgetting): number {
  switch (forgetting.kind) {
    case 'none':
      return 1
    case 'half-life':
      return Math.min(1, 2 ** ((epoch * forgetting.halfLifeMs - nowMs) / forgetting.halfLifeMs))
    case 'sliding-window':
    case 'change-detection': {
      const inside = epoch + 1 - (nowMs - forgetting.spanMs) / epochWidth(forgetting)!
      return Math.min(1, Math.max(0, inside))
    }
  }
}

/** First epoch that still counts, or counts more than 10⁻¹² a reward; older ones may be dropped. */
export function oldestEpoch(nowMs: number, forgetting: Forgetting): number {
  if (forgetting.kind === 'none') return 0
  const remembered = forgetting.kind === 'half-life' ? rememberedHalfLives : epochsInSpan
  return Math.floor(nowMs / epochWidth(forgetting)!) - remembered
}
