import { type Forgetting, noForgetting } from '../../bandit/index.ts'
import type { Contender } from '../../bandit/simulate/contender.ts'
import type { ContextLaw } from '../../bandit/simulate/contexts/context-law.ts'
import { type DelayLaw, noDelay, type RewardLaw, type SimulatedArm } from '../../bandit/simulate/world.ts'
import type { ContextInput } from '../../gateway/config/context/context-schema.ts'
import { toContext } from '../../gateway/config/context/to-context.ts'
import type { Scenario } from './scenario.ts'
import { drawsFromPosteriors, policy, type PolicyInput } from './policy-schema.ts'
import type { ArmInput } from './arm-schema.ts'
import type { ScenarioInput } from './scenario-fields.ts'

export function toScenario(input: ScenarioInput, file: string): Scenario {
  const { title, arms, feedback, horizon, batch, runs, seed, stop } = input
  const { silent_failures: silentFailures, learn, window } = feedback
  return {
    title: title ?? file,
    world: {
      arms: Object.entries(arms).map(([name, arm]) => toArm(name, arm)),
      horizon,
      batch,
      feedback: {
        learn,
        silentFailures,
        ...(window !== undefined && { window }),
        ...(feedback.default !== undefined && { default: feedback.default }),
      },
      ...(input.context !== undefined && { contexts: toContexts(input.context, input) }),
    },
    contenders: (input.policies ?? usualPolicies(input)).map(toContender),
    runs,
    seed,
    ...(stop !== undefined && { stop }),
  }
}

function usualPolicies({ context }: ScenarioInput): PolicyInput[] {
  const names =
    context === undefined
      ? ['thompson', 'kl-ucb', 'ucb1', 'uniform']
      : ['lin-ucb', 'lin-thompson', 'thompson', 'uniform']
  return names.map((name) => policy.parse(name))
}

function toContexts(context: ContextInput, { traffic, arms }: ScenarioInput): ContextLaw {
  return {
    kind: 'declared',
    schema: toContext(context),
    traffic: Object.fromEntries(Object.entries(traffic).map(([name, share]) => [name, toWeights(share)])),
    effects: Object.values(arms).map(({ by = {} }) => by),
  }
}

/** One number is how often a boolean is true. */
function toWeights(share: number | Readonly<Record<string, number>>): Readonly<Record<string, number>> {
  return typeof share === 'number' ? { true: share, false: 1 - share } : share
}

function toArm(name: string, { delay, ...reward }: ArmInput): SimulatedArm {
  return { name, reward: toReward(reward), delay: toDelay(delay) }
}

function toReward({
  mean,
  between,
  sd,
  rewards,
}: Pick<ArmInput, 'mean' | 'between' | 'sd' | 'rewards'>): RewardLaw {
  if (mean === undefined) return { kind: 'list', values: rewards! }
  const path = { points: mean, between }
  return sd === undefined ? { kind: 'bernoulli', mean: path } : { kind: 'gaussian', mean: path, sd }
}

function toDelay(delay: ArmInput['delay']): DelayLaw {
  if (delay?.constant !== undefined) return { kind: 'constant', steps: delay.constant }
  if (delay?.geometric !== undefined) return { kind: 'geometric', mean: delay.geometric }
  if (delay?.exponential !== undefined) return { kind: 'exponential', mean: delay.exponential }
  return noDelay
}

function toContender(input: PolicyInput): Contender {
  const {
    label,
    sampling,
    pending,
    half_life,
    sliding_window,
    change_detection,
    decay_after,
    max_step: step,
    burn_in,
    ...own
  } = input
  const choice = { ...own, ...(decay_after !== undefined && { decayAfter: decay_after }) }
  return {
    label: label ?? own.name,
    policy: choice,
    // The exact distribution of Thompson sampling costs a hundred times as much, and a run needs one a decision.
    sampling:
      sampling ?? (step === undefined && drawsFromPosteriors(own.name, own.rewards) ? 'posterior' : 'exact'),
    pending,
    forgetting: toForgetting({ half_life, sliding_window, change_detection }),
    ...(step !== undefined && { maxStep: { share: step.share, perMs: step.per } }),
    ...(burn_in !== undefined && { burnIn: burn_in }),
  }
}

/** A decision lasts a millisecond. */
function toForgetting({
  half_life: halfLifeMs,
  sliding_window: spanMs,
  change_detection: detection,
}: Pick<PolicyInput, 'half_life' | 'sliding_window' | 'change_detection'>): Forgetting {
  if (halfLifeMs !== undefined) return { kind: 'half-life', halfLifeMs }
  if (spanMs !== undefined) return { kind: 'sliding-window', spanMs }
  if (detection === undefined) return noForgetting
  const { span, risk, scope } = detection
  return { kind: 'change-detection', spanMs: span, risk, scope }
}
