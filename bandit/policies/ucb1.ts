import type { ArmBelief, Policy } from './policy.ts'

/**
 * UCB1: play the arm that could be best, μ̂ + √(2 ln N / n). P. Auer, N. Cesa-Bianchi and P. Fischer,
 * Finite-time Analysis of the Multiarmed Bandit Problem, Machine Learning 47 (2002); rewards in [0, 1].
 *
 * Pulls still pending count in n and N but never in the mean, so that between two rewards the arms take turns
 * instead of one arm getting every pull. An arm without a reward is believed to have mean 1, one without a pull
 * goes first. Equal indices share equally.
 */
export function createUcb1(): Policy {
  return { name: 'ucb1', usesPending: true, distribution }
}

function distribution(arms: readonly ArmBelief[]): Float64Array {
  let pulls = 0
  for (const arm of arms) pulls += arm.count + arm.pending
  // Under a half-life the pulls may have faded below one, where the logarithm would turn negative.
  const optimism = 2 * Math.log(Math.max(1, pulls))
  const answer = new Float64Array(arms.length)
  let best = -Infinity
  let ties = 0
  for (let at = 0; at < arms.length; at++) {
    const index = upperBound(arms[at]!, optimism)
    answer[at] = index
    if (index > best) {
      best = index
      ties = 1
    } else if (index === best) {
      ties++
    }
  }
  for (let at = 0; at < answer.length; at++) answer[at] = answer[at] === best ? 1 / ties : 0
  return answer
}

function upperBound({ count, sum, pending }: ArmBelief, optimism: number): number {
  const pulls = count + pending
  if (pulls === 0) return Infinity
  return (count > 0 ? sum / count : 1) + Math.sqrt(optimism / pulls)
}
