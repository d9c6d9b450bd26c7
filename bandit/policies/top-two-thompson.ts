import { type BetaPosterior } from '../beliefs/posterior.ts'
import { type RewardModelSettings, toBeta } from '../beliefs/reward-model.ts'
import type { Policy } from './policy.ts'
import { probabilityBest } from './probability-best.ts'

export interface TopTwoSettings extends RewardModelSettings {
  /** β, above 0 and at most 1: how often the arm thought best is played itself; ½ is never far from the best. */
  readonly leader?: number | undefined
}

/**
 * Top-two Thompson sampling, to learn soon which arm is the best rather than to earn most meanwhile: draw as Thompson
 * does; with probability 1 − β set that arm aside and draw again until another one comes out on top. With P_k the
 * probability that k is best,
 *
 *     p(k) = β P_k + (1 − β) Σ_{i≠k} P_i · P_k / (1 − P_i),   P_k / (1 − P_i) = P(second = k | first = i).
 *
 * D. Russo, Simple Bayesian Algorithms for Best-Arm Identification, Operations Research 68 (2020). Rewards as
 * fractional or bernoulli.
 *
 * As an arm becomes certain to be best, quadrature no longer tells the others' chances apart. They are then in
 * proportion to e^−W_k, W_k being what it takes for k to be as good as the first: the exponent of P_k / (1 − P_i),
 * which X. Shang et al., Fixed-confidence Guarantees for Bayesian Best-arm Identification, AISTATS 2020, put in its
 * place altogether.
 */
export function createTopTwoThompson({ leader = 0.5, ...settings }: TopTwoSettings = {}): Policy {
  const posteriorOf = toBeta(settings)
  return {
    name: 'top-two-thompson',
    usesPending: false,
    distribution(arms) {
      const posteriors = arms.map(posteriorOf)
      const best = probabilityBest(posteriors)
      if (arms.length === 1) return best
      const answer = best.map((probability) => leader * probability)
      for (const [first, probability] of best.entries()) {
        const seconds = secondsTo(first, best, posteriors)
        for (const [at, second] of seconds.entries()) answer[at]! += (1 - leader) * probability * second
      }
      return answer
    },
  }
}

/** Below this much in all, the others' probabilities are too close to the error of the quadrature. */
const leastKnown = 1e-5

/** P(second = k | first), 0 for the first itself; sums to 1. */
function secondsTo(first: number, best: Float64Array, posteriors: readonly BetaPosterior[]): Float64Array {
  const others = best.map((probability, at) => (at === first ? 0 : probability))
  const rest = total(others)
  if (rest >= leastKnown) return others.map((probability) => probability / rest)
  const exponents = posteriors.map((posterior) => costOfBeingEqual(posteriors[first]!, posterior))
  const least = Math.min(...exponents.filter((_, at) => at !== first))
  const weights = Float64Array.from(exponents, (exponent, at) =>
    at === first ? 0 : Math.exp(least - exponent),
  )
  const sum = total(weights)
  return weights.map((weight) => weight / sum)
}

/**
 * How far the joint log density, over the log odds, has fallen from its peak where both means are the same:
 * the loss is least at the mean of both together.
 */
function costOfBeingEqual(a: BetaPosterior, b: BetaPosterior): number {
  const both = { alpha: a.alpha + b.alpha, beta: a.beta + b.beta }
  return Math.max(0, logPeak(a) + logPeak(b) - logPeak(both))
}

function logPeak({ alpha, beta }: BetaPosterior): number {
  return -alpha * Math.log1p(beta / alpha) - beta * Math.log1p(alpha / beta)
}

function total(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0)
}
