import type { ArmBelief, Policy } from '../policies/policy.ts'
import { propensitiesOf, toShares, type Shares } from './propensities.ts'
import type { Steps, Wanted } from './steps.ts'
import type { Basis, Snapshot } from '../types.ts'

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
  /** What these are on their way to; the same numbers where nothing holds them back. */
  wanted(features?: Float64Array): Float64Array
  /** The arm whose share has the farthest to go; undefined where none is held back. */
  heldBack(): HeldArm | undefined
}

export interface HeldArm {
  readonly arm: string
  readonly share: number
  readonly wanted: number
}

/** Where shares move by `steps`, the policy is asked once a snapshot for each set of arms, and not for each decision. */
export function createChoices(snapshot: Snapshot, policy: Policy, steps?: Steps): Choices {
  const { beliefs, limits } = snapshot
  const kept = new Map<string, Choice>()
  steps?.look(snapshot.takenAt, chooseFrom().names, wantedOf)

  function chooseFrom(isIn: (name: string) => boolean = () => true): Choice {
    const arms = [...beliefs.keys()].filter(
      (arm) => limits[arm]!.excluded !== true && isIn(beliefs[arm]!.name),
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
    if (choice === undefined) kept.set(mask, (choice = chooseFrom((name) => unavailable?.has(name) !== true)))
    return choice
  }

  function basisOf(choice: Choice, features?: Float64Array): Basis {
    if (steps !== undefined) return (choice.basis ??= stepOf(choice, steps))
    if (policy.usesContext === true) return weigh(choice, features)
    if (policy.usesPending) return { ...weigh(choice), pending: pendingIn(choice.beliefs) }
    choice.basis ??= weigh(choice)
    return choice.basis
  }

  function weigh({ names, beliefs: left, shares }: Choice, features?: Float64Array): Basis {
    return { snapshot, arms: names, distribution: propensitiesOf(policy, left, shares, features) }
  }

  function stepOf({ names }: Choice, made: Steps): Basis {
    const { distribution, held, pending } = made.of(names)
    return { snapshot, arms: names, distribution, ...(pending && { pending }), ...(held && { held }) }
  }

  function wantedOf(names: readonly string[]): Wanted {
    const { beliefs: left, shares } = chooseFrom((name) => names.includes(name))
    const pending = policy.usesPending ? pendingIn(left) : undefined
    return { distribution: propensitiesOf(policy, left, shares), shares, pending }
  }

  function heldBack(): HeldArm | undefined {
    const choice = without()
    if (steps === undefined || choice.arms.length === 0) return undefined
    const { arms, distribution, held } = basisOf(choice)
    if (held === undefined) return undefined
    const all = arms.map((arm, at) => ({ arm, share: distribution[at]!, wanted: held.wanted[at]! }))
    const distanceOf = ({ share, wanted }: HeldArm) => Math.abs(wanted - share)
    return all.reduce((a, b) => (distanceOf(b) > distanceOf(a) ? b : a))
  }

  function spread(features: Float64Array | undefined, of: (basis: Basis) => Float64Array): Float64Array {
    const all = new Float64Array(beliefs.length)
    const choice = without()
    if (choice.arms.length === 0) return all
    const own = of(basisOf(choice, features))
    for (const [at, arm] of choice.arms.entries()) all[arm] = own[at]!
    return all
  }

  return {
    without,
    basisOf,
    shares: (features) => spread(features, ({ distribution }) => distribution),
    wanted: (features) => spread(features, ({ distribution, held }) => held?.wanted ?? distribution),
    heldBack,
  }
}

function pendingIn(beliefs: readonly ArmBelief[]): Float64Array {
  const pending = new Float64Array(beliefs.length)
  for (let at = 0; at < pending.length; at++) pending[at] = beliefs[at]!.pending
  return pending
}
