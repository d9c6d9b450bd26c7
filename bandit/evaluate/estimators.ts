import type { Samples } from './samples.ts'
import type { Summands } from './summands.ts'

/**
 * Estimators of the mean reward that the target would have had, from what another policy did. Each is Σ top / Σ
 * bottom over the decisions, with w, r, d = Σₐ π(a) q(a) and q of `samples.ts`, M the greatest weight allowed:
 *
 *     ips          w r                  / 1     unbiased, wild when a weight is large
 *     snips        w r                  / w     self-normalised: a little bias, much less variance
 *     clipped      min(w, M) r          / 1     too low by what is cut off
 *     clipped-sn   min(w, M) r          / min(w, M)
 *     dm           d                    / 1     direct method: as good as the reward model
 *     dr           d + w (r − q)        / 1     doubly robust: unbiased, and calm where the model is good
 *     switch-dr    d + w [w ≤ M] (r − q) / 1    the model alone where the weight is too large
 *
 * D. Horvitz and D. Thompson 1952; A. Swaminathan and T. Joachims, The Self-Normalized Estimator for
 * Counterfactual Learning, NIPS 2015; M. Dudík, J. Langford and L. Li, Doubly Robust Policy Evaluation and
 * Learning, ICML 2011; Y.-X. Wang, A. Agarwal and M. Dudík, Optimal and Adaptive Off-policy Evaluation, ICML 2017.
 */
export const estimatorNames = ['ips', 'snips', 'clipped', 'clipped-sn', 'dm', 'dr', 'switch-dr'] as const
export type EstimatorName = (typeof estimatorNames)[number]

interface Terms extends Summands {
  readonly name: EstimatorName
}

export function toTerms(samples: Samples, maxWeight: number): Terms[] {
  const { weights, rewards, direct, predicted, leverage } = samples

  const clipped = weights.map((weight) => Math.min(weight, maxWeight))
  const kept = weights.map((weight) => (weight <= maxWeight ? weight : 0))
  const residuals = rewards.map((reward, at) => reward - predicted[at]!)
  const weighted = product(weights, rewards)
  const cut = product(clipped, rewards)
  return [
    { name: 'ips', top: weighted, bottom: undefined },
    { name: 'snips', top: weighted, bottom: weights },
    { name: 'clipped', top: cut, bottom: undefined },
    { name: 'clipped-sn', top: cut, bottom: clipped },
    { name: 'dm', top: direct, bottom: undefined, spread: sum(direct, product(leverage, residuals)) },
    { name: 'dr', top: sum(direct, product(weights, residuals)), bottom: undefined },
    { name: 'switch-dr', top: sum(direct, product(kept, residuals)), bottom: undefined },
  ]
}

/** NaN where the log has nothing of what the target does. */
export function valueOf({ top, bottom }: Summands): number {
  return total(top) / (bottom === undefined ? top.length : total(bottom))
}

function product(a: Float64Array, b: Float64Array): Float64Array {
  return a.map((value, at) => value * b[at]!)
}

function sum(a: Float64Array, b: Float64Array): Float64Array {
  return a.map((value, at) => value + b[at]!)
}

function total(values: Float64Array): number {
  return values.reduce((all, value) => all + value, 0)
}
