import type { ArmPrior, RewardBounds } from '../../bandit/index.ts'
import type { PolicyConfig } from '../config/endpoint-config.ts'

/** A policy with the settings that it was given; a prior is counts, whatever it was given as. */
export function toPolicyFacts(policy: PolicyConfig, bounds: RewardBounds = { low: 0, high: 1 }): object {
  const { name, prior, stop, changeDetection, rewards, deviation, leader, c, horizon, epsilon } = policy
  const { maxStep } = policy
  return {
    name,
    half_life_ms: policy.halfLifeMs,
    sliding_window_ms: policy.slidingWindowMs,
    change_detection: changeDetection && {
      method: 'glr',
      span_ms: changeDetection.spanMs,
      risk: changeDetection.risk,
      scope: changeDetection.scope,
    },
    max_step: maxStep && { share: maxStep.share, per_ms: maxStep.perMs },
    prior,
    stop,
    rewards,
    deviation: deviation && deviation * (bounds.high - bounds.low),
    leader,
    c,
    horizon,
    epsilon,
    decay_after: policy.decayAfter,
    gamma: policy.gamma,
    alpha: policy.alpha && policy.alpha * (bounds.high - bounds.low),
    ridge: policy.ridge,
    weights: policy.weights,
  }
}

export function toPriorFacts(prior: ArmPrior): object {
  if (prior.kind === 'fixed') return prior.prior
  return { inherit: prior.from, weight: prior.weight, cap: prior.cap }
}
