import {
  type ArmPrior,
  type Forgetting,
  noForgetting,
  type RewardBounds,
  toShare,
} from '../../../bandit/index.ts'
import type { PolicyConfig } from '../endpoint-config.ts'
import type { ArmPriorInput, PolicyInput, PriorInput } from './policy-schema.ts'

type Prior = PolicyConfig['prior']

export function toPolicy(input: PolicyInput, bounds: RewardBounds): PolicyConfig {
  const { name, rewards, leader, c, horizon, epsilon, gamma, ridge, weights } = input
  return {
    name,
    halfLifeMs: input.half_life,
    slidingWindowMs: input.sliding_window,
    changeDetection: input.change_detection && toChangeDetection(input.change_detection),
    maxStep: input.max_step && { share: input.max_step.share, perMs: input.max_step.per },
    prior: toPrior(input.prior, bounds),
    stop: input.stop,
    rewards,
    deviation: input.deviation && input.deviation / (bounds.high - bounds.low),
    leader,
    c,
    horizon,
    epsilon,
    decayAfter: input.decay_after,
    gamma,
    alpha: input.alpha && input.alpha / (bounds.high - bounds.low),
    ridge,
    weights,
  }
}

function toChangeDetection({
  span,
  risk,
  scope,
}: NonNullable<PolicyInput['change_detection']>): PolicyConfig['changeDetection'] {
  return { spanMs: span, risk, scope }
}

export function toArmPrior(input: ArmPriorInput | undefined, bounds: RewardBounds): ArmPrior | undefined {
  if (input === undefined) return undefined
  const { inherit, weight = 1, cap = 100 } = input
  if (inherit !== undefined) return { kind: 'inherited', from: inherit, weight, cap }
  return { kind: 'fixed', prior: toPrior(input, bounds) }
}

/** A mean is in the unit of the rewards. */
function toPrior({ alpha = 1, beta = 1, mean, mass }: PriorInput, bounds: RewardBounds): Prior {
  if (mean === undefined || mass === undefined) return { alpha, beta }
  const at = toShare(mean, bounds)
  return { alpha: at * mass, beta: (1 - at) * mass }
}

/** The one way of forgetting that is configured, if any. */
export function forgettingOf({ halfLifeMs, slidingWindowMs, changeDetection }: PolicyConfig): Forgetting {
  if (halfLifeMs !== undefined) return { kind: 'half-life', halfLifeMs }
  if (slidingWindowMs !== undefined) return { kind: 'sliding-window', spanMs: slidingWindowMs }
  return changeDetection === undefined ? noForgetting : { kind: 'change-detection', ...changeDetection }
}
