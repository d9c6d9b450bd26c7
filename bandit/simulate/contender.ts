import type { Forgetting } from '../beliefs/forgetting.ts'
import type { MaxStep } from '../decisions/steps.ts'

/** A policy that takes part in a simulation, and how it is let play. Plain data. */
export interface Contender {
  readonly label: string
  readonly policy: PolicyChoice
  readonly sampling: Sampling
  readonly pending: PendingRule
  readonly forgetting: Forgetting
  /** How quickly its shares move, each decision being a look and a millisecond long; `exact` only, absent = at once. */
  readonly maxStep?: MaxStep
  /** Pulls of each arm, by turns, before the policy is asked; none when absent. */
  readonly burnIn?: number
}

/** Name and settings of a policy that serves, or of one of the `baselines`. */
export type PolicyChoice = { readonly name: string } & Readonly<Record<string, unknown>>

/**
 * `exact`: the arm is drawn from the policy's own distribution, as the gateway does. `posterior`, Thompson only (see
 * `posterior-draws.ts`): one mean is drawn of each arm's posterior and the largest one played. That is the same law at a fraction of the
 * cost, but the propensity of the decision stays unknown.
 */
export type Sampling = 'exact' | 'posterior'

/** Whether the policy is told of pulls without a reward yet, is not, or is told that they have failed. */
export type PendingRule = 'counted' | 'ignored' | 'failed'
