import type { ArmBelief } from './policies/policy.ts'
import { probabilityBest } from './policies/probability-best.ts'
import { betaMean, betaPosterior, betaQuantile, type BetaPrior } from './posterior.ts'
import type { EndpointState } from './store/store.ts'

/** What `GET /endpoints/{name}` shows of the learning. */
export interface EndpointView {
  readonly endpoint: string
  readonly policy: string
  readonly version: number
  /** Milliseconds since the store was last read. */
  readonly snapshotAgeMs: number
  readonly arms: readonly ArmView[]
}

export interface ArmView {
  readonly name: string
  /** Posterior mean of the reward and its 5 % and 95 % quantiles. */
  readonly mean: number
  readonly interval: readonly [number, number]
  readonly probabilityBest: number
  /** Propensity of the next decision with every arm available. */
  readonly share: number
  /** Rewards after weighting by age. */
  readonly effectiveCount: number
  readonly pending: number
  readonly pulls: number
  readonly rewarded: number
  readonly voided: number
  readonly defaulted: number
  readonly writtenOff: number
}

export interface ViewInput {
  readonly endpoint: string
  readonly policy: string
  readonly prior: BetaPrior
  readonly state: EndpointState
  readonly snapshotAgeMs: number
  readonly beliefs: readonly ArmBelief[]
  readonly share: Float64Array
}

const noTotals = { pulls: 0, rewarded: 0, voided: 0, defaulted: 0, writtenOff: 0 }

export function toView({ beliefs, state, prior, share, ...rest }: ViewInput): EndpointView {
  const posteriors = beliefs.map((belief) => betaPosterior(belief, prior))
  const best = probabilityBest(posteriors)
  const arms = beliefs.map((belief, index): ArmView => {
    const posterior = posteriors[index]!
    return {
      name: belief.name,
      mean: betaMean(posterior),
      interval: [betaQuantile(posterior, 0.05), betaQuantile(posterior, 0.95)],
      probabilityBest: best[index]!,
      share: share[index]!,
      effectiveCount: belief.count,
      pending: belief.pending,
      ...(state.arms.get(belief.name)?.totals ?? noTotals),
    }
  })
  return {
    endpoint: rest.endpoint,
    policy: rest.policy,
    version: state.version,
    snapshotAgeMs: rest.snapshotAgeMs,
    arms,
  }
}
