import { fromShare, type RewardBounds } from './bounds.ts'
import type { DelayOutlook } from './delay/outlook.ts'
import { delayQuantiles, type DelayQuantiles, pendingByAge, type PendingOfAge } from './delay/quantiles.ts'
import { expectedRegret, type ExpectedRegret } from './beliefs/expected-regret.ts'
import type { WindowWarning } from './delay/window-warning.ts'
import { identify, type Identification, type StopRule } from './beliefs/identification.ts'
import type { ArmBelief } from './policies/policy.ts'
import type { Posterior, RewardModel } from './beliefs/reward-model.ts'
import type { StateLoss } from './state-loss.ts'
import type { Sums } from './beliefs/statistics.ts'
import type { EndpointState } from './store/store.ts'

/**
 * What `GET /endpoints/{name}` shows of the learning. Where the policy chooses by context, means, intervals and shares
 * are those in the average of all contexts that were rewarded.
 */
export interface EndpointView {
  readonly endpoint: string
  readonly policy: string
  readonly version: number
  /** Milliseconds since the store was last read. */
  readonly snapshotAgeMs: number
  /** The store was emptied, and what was learned before stands until it is back or forgotten; absent while all is well. */
  readonly holding?: StateLoss
  /** For how long the store keeps marks beyond their time, for journals that are behind or not heard of, ms. */
  readonly marksOverdueMs: number
  /** Whether the best arm has been found; absent where nobody asked. */
  readonly identification?: Identification
  readonly warnings: readonly WindowWarning[]
  readonly expectedRegret: ExpectedRegret
  readonly arms: readonly ArmView[]
  /** Everything that answered, chosen or not, and was told the truth. */
  readonly scored: readonly ScoreView[]
}

export interface ScoreView {
  /** Under which it is observed. */
  readonly name: string
  /** Mean reward, and its 5 % and 95 % quantiles as believed. */
  readonly mean: number
  readonly interval: readonly [number, number]
  /** Rewards after weighting by age. */
  readonly effectiveCount: number
}

export interface ArmView {
  readonly name: string
  /** Posterior mean of the reward and its 5 % and 95 % quantiles, in the reward's own unit. */
  readonly mean: number
  readonly interval: readonly [number, number]
  /** Of the mean, with 0 for the least and 1 for the greatest reward; absent where it has no name. */
  readonly posterior?: Posterior
  readonly probabilityBest: number
  /** Propensity of the next decision with every arm available. */
  readonly share: number
  /** What the share is on its way to; absent where shares do not move by steps. */
  readonly wantedShare?: number
  /** Rewards after weighting by age. */
  readonly effectiveCount: number
  readonly pending: number
  readonly pendingByAge: readonly PendingOfAge[]
  /** From decision to first feedback; absent before the first reward. */
  readonly delay?: DelayQuantiles
  readonly pulls: number
  readonly rewarded: number
  readonly voided: number
  readonly defaulted: number
  readonly writtenOff: number
}

export interface ViewInput {
  readonly endpoint: string
  readonly policy: string
  readonly model: RewardModel
  readonly bounds: RewardBounds
  readonly stop: StopRule | undefined
  readonly state: EndpointState
  readonly snapshotAgeMs: number
  readonly holding: StateLoss | undefined
  readonly marksOverdueMs: number
  readonly nowMs: number
  readonly times: { readonly windowMs: number; readonly bucketMs: number }
  readonly outlook: DelayOutlook
  readonly beliefs: readonly ArmBelief[]
  readonly share: Float64Array
  readonly wanted?: Float64Array
  readonly scores: ReadonlyMap<string, Sums>
  /** True where means and shares are those of one context among many. */
  readonly usesContext: boolean
}

const noTotals = { pulls: 0, rewarded: 0, voided: 0, defaulted: 0, writtenOff: 0 }

export function toView({ beliefs, state, model, bounds, stop, share, ...rest }: ViewInput): EndpointView {
  const best = model.best(beliefs)
  const inUnits = (value: number) => fromShare(value, bounds)
  const { nowMs, times, outlook } = rest
  const arms = beliefs.map((belief, index): ArmView => {
    const delay = delayQuantiles(outlook.delays[index]!, times.windowMs)
    const posterior = model.posterior?.(belief)
    return {
      name: belief.name,
      mean: inUnits(model.mean(belief)),
      interval: [inUnits(model.quantile(belief, 0.05)), inUnits(model.quantile(belief, 0.95))],
      ...(posterior !== undefined && { posterior }),
      probabilityBest: best.probabilities[index]!,
      share: share[index]!,
      ...(rest.wanted && { wantedShare: rest.wanted[index]! }),
      effectiveCount: belief.count,
      pending: belief.pending,
      pendingByAge: pendingByAge(state.arms.get(belief.name)?.open, nowMs, times),
      ...(delay !== undefined && { delay }),
      ...(state.arms.get(belief.name)?.totals ?? noTotals),
    }
  })
  return {
    endpoint: rest.endpoint,
    policy: rest.policy,
    version: state.version,
    snapshotAgeMs: rest.snapshotAgeMs,
    ...(rest.holding !== undefined && { holding: rest.holding }),
    marksOverdueMs: rest.marksOverdueMs,
    ...(stop !== undefined && { identification: identify(beliefs, stop) }),
    warnings: outlook.warnings,
    expectedRegret: expectedRegret(
      inUnits(best.mean),
      arms.map(({ mean, share, pulls, voided }) => ({ mean, share, shown: pulls - voided })),
      rest.usesContext,
    ),
    arms,
    scored: Array.from(rest.scores, ([name, sums]) => toScore(name, sums, model)).filter(
      ({ effectiveCount }) => effectiveCount > 0,
    ),
  }
}

/** By the reward model of the arms. Only true labels score, so the reward is its own unit. */
function toScore(name: string, sums: Sums, model: RewardModel): ScoreView {
  const belief = { ...sums, name, pending: 0 }
  const mean = sums.sum / sums.count
  const interval = [model.quantile(belief, 0.05), model.quantile(belief, 0.95)] as const
  return { name, mean, interval, effectiveCount: sums.count }
}
