import { bernoulliKl, klUpperBound } from '../kl.ts'
import { meanOf, playLargest, toField } from './field.ts'
import type { Policy } from './policy.ts'

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
      let best = 0
      for (let at = 0; at < arms.length; at++) {
        const arm = arms[at]!
        const pulls = arm.count + arm.pending
        const mean = meanOf(arm, field)
        // One look at the divergence shows that most arms are behind; only those that lead need their index.
        if (pulls > 0 && mean < best && pulls * bernoulliKl(mean, best) > level) continue
        indices[at] = pulls > 0 ? klUpperBound(mean, level / pulls) : Infinity
        best = Math.max(best, indices[at]!)
      }
      return playLargest(indices, arms)
    },
  }
}

/** ln N + c ln ln N, 0 at the least: with N below e the second logarithm is negative. */
export function explorationLevel(pulls: number, c: 0 | 3): number {
  const log = Math.log(Math.max(1, pulls))
  return c === 0 || log === 0 ? log : Math.max(0, log + c * Math.log(log))
}
