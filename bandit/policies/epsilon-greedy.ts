import { meanOf, playLargest, toField } from './field.ts'
import type { Policy } from './policy.ts'

export interface EpsilonGreedySettings {
  /** Share of the traffic that is spread over all arms, 0 to 1. */
  readonly epsilon?: number | undefined
  /** Pulls after which that share falls as 1 / pulls; never when absent. */
  readonly decayAfter?: number | undefined
}

/**
 * ε-greedy: the arm with the best mean so far, but for a share ε of the traffic that all arms get alike.
 * p(k) = (1 − ε) · [k is greatest] + ε / K; with `decayAfter` d, ε · min(1, d / N) after N pulls.
 *
 * R. Sutton and A. Barto, Reinforcement Learning, section 2.2; the decay as in P. Auer, N. Cesa-Bianchi and
 * P. Fischer, Machine Learning 47 (2002), section 3, who need d = c K / Δ² for a gap Δ that one seldom knows.
 */
export function createEpsilonGreedy({ epsilon = 0.1, decayAfter }: EpsilonGreedySettings = {}): Policy {
  return {
    name: 'epsilon-greedy',
    usesPending: true,
    distribution(arms) {
      const field = toField(arms)
      const means = Float64Array.from(arms, (arm) =>
        arm.count + arm.pending > 0 ? meanOf(arm, field) : Infinity,
      )
      const explored = decayAfter === undefined ? epsilon : epsilon * Math.min(1, decayAfter / field.pulls)
      return playLargest(means, arms).map((greedy) => (1 - explored) * greedy + explored / arms.length)
    },
  }
}
