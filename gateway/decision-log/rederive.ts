import {
  drawArm,
  drawSticky,
  propensitiesOf,
  stepTowards,
  toShares,
  uniformFromKey,
} from '../../bandit/index.ts'
import type { PolicyConfig } from '../config/endpoint-config.ts'
import { createServingPolicy } from '../serving-policy.ts'
import { featuresOf, encodingOf } from './logged-context.ts'
import { toBelief } from './linear-belief.ts'
import type { DecisionLine, SnapshotLine } from './schema.ts'

/** A decision made again from what was logged of its moment. */
export interface Rederived {
  /** One an arm of the decision. */
  readonly propensities: Float64Array
  /** The arm that the decision's key falls on. */
  readonly arm: string
  /** The greatest difference between a propensity made again and the logged one. */
  readonly difference: number
  readonly agrees: boolean
}

const tolerance = 1e-9

/**
 * Asks the policy that serves, with the settings and beliefs of the snapshot, for the arms that could be chosen.
 *
 * @throws Error when the snapshot has not all arms of the decision, or its policy or context is not known any more
 */
export function rederive(decision: DecisionLine, snapshot: SnapshotLine): Rederived {
  const known = new Map(snapshot.arms.map((arm) => [arm.name, arm]))
  const arms = decision.arms.map((name, at) => {
    const arm = known.get(name)
    if (arm === undefined) throw new Error(`snapshot ${snapshot.id} says nothing of arm ${name}`)
    return {
      belief: toBelief({ ...arm.belief, pending: decision.pending?.[at] ?? 0 }),
      minShare: arm.min_share,
      maxShare: arm.max_share,
    }
  })
  const policy = createServingPolicy(snapshot.policy as unknown as PolicyConfig)
  const beliefs = arms.map(({ belief }) => belief)
  const encoding = encodingOf(snapshot)
  const features = encoding && featuresOf(decision, encoding)
  const wanted = propensitiesOf(policy, beliefs, toShares(arms), features)
  const { held, sticky } = decision
  const propensities =
    held === undefined ? wanted : stepTowards({ ...held, from: Float64Array.from(held.from), wanted })
  const at =
    sticky === undefined
      ? drawArm(propensities, uniformFromKey(decision.key))
      : drawSticky(propensities, decision.arms, sticky)
  const arm = decision.arms[at]!
  const difference = Math.max(
    ...propensities.map((propensity, at) => Math.abs(propensity - decision.propensities[at]!)),
    Math.abs(decision.propensity - propensities[decision.arms.indexOf(decision.arm)]!),
  )
  return { propensities, arm, difference, agrees: difference <= tolerance && arm === decision.arm }
}
