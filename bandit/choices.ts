import type { ArmBelief, Policy } from './policies/policy.ts'
import { propensitiesOf, toShares, type Shares } from './propensities.ts'
import type { Basis, Snapshot } from './types.ts'

/** The arms that may be chosen from and, until the next snapshot, what is drawn from. */
export interface Choice {
  /** Places among all arms. */
  readonly arms: readonly number[]
  readonly names: readonly string[]
  readonly beliefs: readonly ArmBelief[]
  readonly shares: Shares
  basis: Basis | undefined
}

/** What may be chosen while one snapshot is the newest. */
export interface Choices {
  /** Masked arms are left out before the policy is asked: what they would have got is the policy's to give. */
  without(unavailable?: ReadonlySet<string>): Choice
  /** Of a choice that has arms. */
  basisOf(choice: Choice, features?: Float64Array): Basis
  /** Propensities of all arms with every one available; 0 for those out of the choice. */
  shares(features?: Float64Array): Float64Array
}

export function createChoices(snapshot: Snapshot, policy: Policy): Choices {
  const { beliefs, limits } = snapshot
  const kept = new Map<string, Choice>()

  function chooseFrom(unavailable?: ReadonlySet<string>): Choice {
    const arms = [...beliefs.keys()].filter(
      (arm) => limits[arm]!.excluded !== true && unavailable?.has(beliefs[arm]!.name) !== true,
    )
    return {
      arms,
      names: arms.map((arm) => beliefs[arm]!.name),
      beliefs: arms.map((arm) => beliefs[arm]!),
      shares: toShares(arms.map((arm) => limits[arm]!)),
      basis: undefined,
    }
  }

  function without(unavailable?: ReadonlySet<string>): Choice {
    const mask =
      unavailable === undefined || unavailable.size === 0 ? '' : [...unavailable].toSorted().join('/')
    let choice = kept.get(mask)
    if (choice === undefined) kept.set(mask, (choice = chooseFrom(unavailable)))
    return choice
  }

  function basisOf(choice: Choice, features?: Float64Array): Basis {
    if (policy.usesContext === true) return weigh(choice, features)
    if (policy.usesPending) return { ...weigh(choice), pending: pendingIn(choice.beliefs) }
    choice.basis ??= weigh(choice)
    return choice.basis
  }

  function weigh({ names, beliefs: left, shares }: Choice, features?: Float64Array): Basis {
    return { snapshot, arms: names, distribution: propensitiesOf(policy, left, shares, features) }
  }

  return {
    without,
    basisOf,
    shares(features) {
      const shares = new Float64Array(beliefs.length)
      const choice = without()
      if (choice.arms.length === 0) return shares
      const { distribution } = basisOf(choice, features)
      for (const [at, arm] of choice.arms.entries()) shares[arm] = distribution[at]!
      return shares
    },
  }
}

function pendingIn(beliefs: readonly ArmBelief[]): Float64Array {
  const pending = new Float64Array(beliefs.length)
  for (let at = 0; at < pending.length; at++) pending[at] = beliefs[at]!.pending
  return pending
}
