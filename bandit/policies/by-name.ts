import type { BetaPrior } from '../posterior.ts'
import type { Policy } from './policy.ts'
import { createThompson } from './thompson.ts'
import { createUcb1 } from './ucb1.ts'
import { createUniform } from './uniform.ts'

export const policyNames = ['thompson', 'ucb1', 'uniform'] as const
export type PolicyName = (typeof policyNames)[number]

/** What a policy may be told; each takes what it has a use for. */
export interface PolicySettings {
  readonly prior?: BetaPrior
}

export const policies: Record<PolicyName, (settings: PolicySettings) => Policy> = {
  thompson: createThompson,
  ucb1: createUcb1,
  uniform: createUniform,
}

export function createPolicy({ name, ...settings }: { readonly name: PolicyName } & PolicySettings): Policy {
  return policies[name](settings)
}
