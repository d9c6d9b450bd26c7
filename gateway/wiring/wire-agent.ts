import { type Agent, createAgent, type EndpointStore, type JournalProgress } from '../../bandit/index.ts'
import type { ArmConfig, EndpointConfig } from '../config/endpoint-config.ts'
import type { Events } from '../events/events.ts'
import { createServingPolicy } from '../serving-policy.ts'
import type { learningSettings } from './learning-settings.ts'

interface AgentWiring {
  readonly store: EndpointStore
  /** Unique for this start of this process. */
  readonly gateway: string
  readonly clock: () => number
  readonly events: Events
  readonly journal: (() => JournalProgress) | undefined
  /** What an arm learns when it answers beside another one; undefined = nothing. */
  readonly observedAs: (arm: ArmConfig) => string | undefined
  /** That a model is served in. */
  readonly versionOf: (model: string) => string | undefined
}

/** A snapshot this old means that the store is away, not merely slow. */
const staleMs = 5000

/** What decides for an endpoint; what it finds wrong with its store becomes events. */
export function wireAgent(
  { name, arms, policy, stickyMs, rules: trafficRules }: EndpointConfig,
  { rules, encoding, state }: ReturnType<typeof learningSettings>,
  { store, gateway, clock, events, journal, observedAs, versionOf }: AgentWiring,
): Agent {
  const { prior, stop, rewards, deviation, maxStep } = policy
  return createAgent({
    endpoint: name,
    stateLost: ({ rewardedBefore, rewarded }) =>
      events.emit({
        kind: 'store_lost_state',
        endpoint: name,
        detail: `the store had ${rewardedBefore} rewarded predictions and has ${rewarded} now: it was emptied, or has lost its last writes; what was known stands until as much is there again, or it is said to be forgotten`,
        facts: { rewarded_before: rewardedBefore, rewarded },
      }),
    journal,
    journalGivenUp: (given) =>
      events.emit({
        kind: 'journal_given_up',
        endpoint: name,
        about: given,
        detail: `a gateway of ${name} with journal ${given} was not heard of for journal_wait: what it still holds counts only as far as it comes before reward.retention is over`,
      }),
    generation: state.generation,
    arms: arms.map((arm) => ({
      ...arm,
      observedAs: observedAs(arm),
      ...(arm.kind === 'model' && { version: () => versionOf(arm.model) }),
    })),
    policy: createServingPolicy(policy),
    prior,
    rewards,
    deviation,
    stop,
    dimension: encoding?.dimension,
    ridge: policy.ridge,
    store,
    gateway,
    clock,
    ...rules,
    stickyMs,
    maxStep,
    stepsFromPulls: maxStep !== undefined && trafficRules === undefined,
    staleMs,
  })
}
