import type { ArmBelief } from '../policies/policy.ts'
import type { Largest } from '../policies/integrate-largest.ts'
import { bestOf } from '../policies/probability-best.ts'
import { largestOf, type StudentT } from '../policies/student-t.ts'
import {
  gaussianPosterior,
  type GaussianPrior,
  studentQuantile,
  vagueGaussian,
} from './gaussian-posterior.ts'
import {
  betaMean,
  betaPosterior,
  type BetaPosterior,
  type BetaPrior,
  betaQuantile,
  uniformPrior,
} from './posterior.ts'

export const rewardKinds = ['fractional', 'bernoulli', 'gaussian'] as const

/**
 * How rewards are thought to come about.
 * - fractional: r counts as r of a success, 1 − r of a failure. Exact for rewards of 0 or 1; for others in between it
 *   believes them to vary more than they do.
 * - bernoulli: r counts as a success with probability r, by a coin that is part of the decision's key and so falls the
 *   same in every replay. The regret of Thompson sampling is proven for it (S. Agrawal and N. Goyal, COLT 2012).
 * - gaussian: normal with unknown mean and variance, for amounts.
 */
export type RewardKind = (typeof rewardKinds)[number]

/** What is believed of the arms' mean rewards, on a scale from 0 to 1. */
export interface RewardModel {
  /** Of each arm in turn, that its mean is the largest; sums to 1. */
  probabilityBest(arms: readonly ArmBelief[]): Float64Array
  /** The same with what the largest mean is expected to be. */
  best(arms: readonly ArmBelief[]): Largest
  mean(arm: ArmBelief): number
  /** The mean below which the arm lies with probability `p`, 0 < p < 1. */
  quantile(arm: ArmBelief, p: number): number
  /** The whole distribution, where it has a name. */
  posterior?(arm: ArmBelief): Posterior
}

export type Posterior =
  | ({ readonly kind: 'beta' } & BetaPosterior)
  | ({ readonly kind: 'student-t' } & StudentT)

export interface RewardModelSettings {
  readonly rewards?: RewardKind | undefined
  /** Belief before the first reward, for arms that have none of their own; Beta(1, 1) unless given. */
  readonly prior?: BetaPrior | undefined
  /** Standard deviation of one reward that is thought likely; of gaussian rewards alone. */
  readonly deviation?: number | undefined
}

export function createRewardModel(settings: RewardModelSettings = {}): RewardModel {
  if (settings.rewards === 'gaussian') return createGaussian(settings)
  const posteriorOf = toBeta(settings)
  return {
    probabilityBest: (arms) => bestOf(arms.map(posteriorOf)).probabilities,
    best: (arms) => bestOf(arms.map(posteriorOf)),
    mean: (arm) => betaMean(posteriorOf(arm)),
    quantile: (arm, p) => betaQuantile(posteriorOf(arm), p),
    posterior: (arm) => ({ kind: 'beta', ...posteriorOf(arm) }),
  }
}

/** The Beta posterior of an arm, under its own prior where it has one. */
export function toBeta({
  rewards,
  prior = uniformPrior,
}: RewardModelSettings): (arm: ArmBelief) => BetaPosterior {
  if (rewards === 'bernoulli')
    return (arm) => betaPosterior({ count: arm.count, sum: arm.successes }, arm.prior ?? prior)
  return (arm) => betaPosterior(arm, arm.prior ?? prior)
}

/** A Beta prior says where the mean is thought to be and how many rewards that thought is worth. */
function createGaussian({ prior = uniformPrior, deviation }: RewardModelSettings): RewardModel {
  return createStudentModel((arm) => gaussianPosterior(arm, toGaussian(arm.prior ?? prior, deviation)))
}

/** Of means that are Student t each. */
export function createStudentModel(posteriorOf: (arm: ArmBelief) => StudentT): RewardModel {
  return {
    probabilityBest: (arms) => largestOf(arms.map(posteriorOf)).probabilities,
    best: (arms) => largestOf(arms.map(posteriorOf)),
    mean: (arm) => posteriorOf(arm).location,
    quantile: (arm, p) => studentQuantile(posteriorOf(arm), p),
    posterior: (arm) => ({ kind: 'student-t', ...posteriorOf(arm) }),
  }
}

function toGaussian(prior: BetaPrior, deviation = vagueGaussian.deviation): GaussianPrior {
  return { mean: betaMean(prior), mass: prior.alpha + prior.beta, deviation }
}
