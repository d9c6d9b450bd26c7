import type { RewardModelSettings } from '../beliefs/reward-model.ts'
import { createEpsilonGreedy, type EpsilonGreedySettings } from './epsilon-greedy.ts'
import { createExp3, type Exp3Settings } from './exp3.ts'
import { createFixed, type FixedSettings } from './fixed.ts'
import { createKlUcb, type KlUcbSettings } from './kl-ucb.ts'
import { createLinEpsilonGreedy, type LinEpsilonGreedySettings } from './lin-epsilon-greedy.ts'
import { createLinThompson, type LinThompsonSettings } from './lin-thompson.ts'
import { createLinUcb, type LinUcbSettings } from './lin-ucb.ts'
import { createMoss, type MossSettings } from './moss.ts'
import type { Policy } from './policy.ts'
import { createThompson } from './thompson.ts'
import { createTopTwoThompson, type TopTwoSettings } from './top-two-thompson.ts'
import { createUcb1 } from './ucb1.ts'
import { createUcbTuned } from './ucb-tuned.ts'
import { createUniform } from './uniform.ts'

export const contextFreePolicyNames = [
  'thompson',
  'top-two-thompson',
  'kl-ucb',
  'ucb-tuned',
  'ucb1',
  'moss',
  'epsilon-greedy',
  'exp3',
  'fixed',
  'uniform',
] as const

/** Policies that choose by the context of a request, and so need an endpoint that declares one. */
export const contextualPolicyNames = ['lin-ucb', 'lin-thompson', 'lin-epsilon-greedy'] as const

/** Policies whose shares move with what is learned, and so can be let move by steps. */
export const gradualPolicyNames = ['thompson', 'top-two-thompson', 'epsilon-greedy', 'exp3'] as const

export const policyNames = [...contextFreePolicyNames, ...contextualPolicyNames] as const
export type PolicyName = (typeof policyNames)[number]

/** What a policy may be told; each takes what it has a use for. */
export type PolicySettings = RewardModelSettings &
  TopTwoSettings &
  KlUcbSettings &
  MossSettings &
  EpsilonGreedySettings &
  Exp3Settings &
  LinUcbSettings &
  LinThompsonSettings &
  LinEpsilonGreedySettings &
  FixedSettings

export const policies: Record<PolicyName, (settings: PolicySettings) => Policy> = {
  thompson: createThompson,
  'top-two-thompson': createTopTwoThompson,
  'kl-ucb': createKlUcb,
  'ucb-tuned': createUcbTuned,
  ucb1: createUcb1,
  moss: createMoss,
  'epsilon-greedy': createEpsilonGreedy,
  exp3: createExp3,
  fixed: createFixed,
  uniform: createUniform,
  'lin-ucb': createLinUcb,
  'lin-thompson': createLinThompson,
  'lin-epsilon-greedy': createLinEpsilonGreedy,
}

export function createPolicy({ name, ...settings }: { readonly name: PolicyName } & PolicySettings): Policy {
  return policies[name](settings)
}
