import { bernoulliKl, klUpperBound } from '../beliefs/kl.ts'
import { type Field, meanOf, playLargest, toField } from './field.ts'
import type { ArmBelief, Policy } from './policy.ts'

export interface KlUcbSettings {
  /** 0, which does best in practice, or 3, for which the bound is proven. */
  readonly c?: 0 | 3 | undefined
}

/**
 * KL-UCB: the largest mean that the arm's rewards do not yet speak against,
 * max { q : n · kl(μ̂, q) ≤ ln N + c ln ln N }, with kl of two Bernoulli distributions; rewards in [0, 1].
 * A. Garivier and O. Cappé, The KL-UCB Algorithm for Bounded Stochastic Bandits and Beyond, COLT 2011.
 *
 * Pending pulls and arms without a pull are treated as in `createIndexPolicy`.
 */
export function createKlUcb({ c = 0 }: KlUcbSettings = {}): Policy {
  return {
    name: 'kl-ucb',
    usesPending: true,
    distribution(arms) {
      const field = toField(arms)
      const level = explorationLevel(field.pulls, c)
      const indices = new Float64Array(arms.length)
      let best = indexOf(arms[mostPromising(arms, field, level)]!, field, level)
      for (let at = 0; at < arms.length; at++) {
        const arm = arms[at]!
        // One look at the divergence shows that most arms are behind; only those that lead need their index.
        if (isBehind(arm, best, field, level)) continue
        indices[at] = indexOf(arm, field, level)
        best = Math.max(best, indices[at]!)
      }
      return playLargest(indices, arms)
    },
  }
}

/** The arm that `best` is the index of, and others level with it, must not be behind by what is rounded off. */
const roundingSlack = 1e-9

function indexOf(arm: ArmBelief, field: Field, level: number): number {
  const pulls = arm.count + arm.pending
  return pulls > 0 ? klUpperBound(meanOf(arm, field), level / pulls) : Infinity
}

function isBehind(arm: ArmBelief, best: number, field: Field, level: number): boolean {
  const pulls = arm.count + arm.pending
  const mean = meanOf(arm, field)
  return pulls > 0 && mean < best && pulls * bernoulliKl(mean, best) > level + roundingSlack
}

/** The arm with the largest μ̂ + √(level / 2n), which is never below the index and seldom far above it. */
function mostPromising(arms: readonly ArmBelief[], field: Field, level: number): number {
  let first = 0
  let most = -Infinity
  for (let at = 0; at < arms.length; at++) {
    const arm = arms[at]!
    const promise = Math.min(1, meanOf(arm, field) + Math.sqrt(level / (2 * (arm.count + arm.pending))))
    if (promise > most) [first, most] = [at, promise]
  }
  return first
}

/** ln N + c ln ln N, 0 at the least: with N below e the second logarithm is negative. */
export function explorationLevel(pulls: number, c: 0 | 3): number {
  const log = Math.log(Math.max(1, pulls))
  return c === 0 || log === 0 ? log : Math.max(0, log + c * Math.log(log))
}
