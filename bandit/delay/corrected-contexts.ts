import { delaysEnd } from '../rewards/contribution.ts'
import { epochWeights, type Epochs, type Forgetting, placeBucket } from '../beliefs/forgetting.ts'
import { type LinearSums, weighLinear } from '../linear/sums.ts'
import type { EndpointState } from '../store/store.ts'
import { binsInWindow, edgeOf } from './bins.ts'
import type { ArmDelays } from './evidence.ts'
import { sharedDelayShares } from './kaplan-meier.ts'

export interface ContextTimes {
  readonly windowMs: number
  readonly bucketMs: number
  readonly forgetting: Forgetting
}

const noEpochs: Epochs = new Map()

/**
 * Per arm, the sums over contexts where only successes report: Σ x xᵀ counts a pull of age a as F(a), the share of the
 * arm's rewards that have come by then, as `correctedCounts` does without contexts. So A = λI + Σ F(age) x xᵀ and
 * E Σ r x = Σ F(age) x xᵀ θ agree, and θ is right on the average. Open buckets hold Σ x xᵀ of their pulls, and the sums
 * have it of all others, see `silence.ts`.
 * C. Vernade et al., Linear Bandits with Stochastic Delayed Feedback, ICML 2020.
 */
export function correctedContexts(
  arms: readonly { readonly name: string; readonly linear?: LinearSums }[],
  state: EndpointState,
  delays: readonly ArmDelays[],
  nowMs: number,
  { windowMs, bucketMs, forgetting }: ContextTimes,
): readonly (LinearSums | undefined)[] {
  const shares = sharedDelayShares(delays)
  const states = arms.map(({ name }) => state.arms.get(name))
  const weights = epochWeights(
    states.map((arm) => arm?.epochs ?? noEpochs),
    nowMs,
    forgetting,
  )
  return arms.map(({ linear }, index) => {
    const held = states[index]?.held
    if (linear === undefined || held === undefined || held.size === 0) return linear
    const { dimension } = linear
    const weightOf = (bucket: number): number => {
      const age = Math.max(0, nowMs - (bucket + 0.5) * bucketMs)
      const { epoch } = placeBucket(bucket, bucketMs, forgetting)
      return weights[index]!(epoch) * shareBy(age, shares[index]!, windowMs)
    }
    const open = weighLinear(held, weightOf, { from: delaysEnd, dimension })
    return { ...linear, gram: linear.gram.map((sum, at) => sum + open.gram[at]!) }
  })
}

/** F(age): delays are taken to be even within a bin. */
function shareBy(ageMs: number, shares: Float64Array, windowMs: number): number {
  let sum = 0
  for (let bin = 0; bin < binsInWindow; bin++) {
    const low = edgeOf(bin - 1, windowMs)
    if (ageMs <= low) break
    sum += shares[bin]! * Math.min(1, (ageMs - low) / (edgeOf(bin, windowMs) - low))
  }
  return sum
}
