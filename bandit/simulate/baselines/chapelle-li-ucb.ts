import type { SimulatedBelief } from '../memory.ts'
import type { SimulatedPolicy } from '../simulated-policy.ts'

/**
 * The UCB that Chapelle and Li hold Thompson sampling against: μ̂ + √(2 μ̂ L / n) + 2 L / n, L = ½ ln t, t the age
 * of the arm. O. Chapelle and L. Li, An Empirical Evaluation of Thompson Sampling, NIPS 2011. It needs to know
 * when an arm came, so it cannot serve. Pulls still pending count nowhere; equal indices share equally.
 */
export function createChapelleLiUcb(): SimulatedPolicy {
  return {
    usesPending: false,
    distribution(arms) {
      const indices = Float64Array.from(arms, toIndex)
      const highest = Math.max(...indices)
      const winners = indices.map((index) => (index === highest ? 1 : 0))
      const ties = winners.reduce((sum, won) => sum + won, 0)
      return winners.map((won) => won / ties)
    },
  }
}

function toIndex({ count, sum, age }: SimulatedBelief): number {
  if (count === 0) return Infinity
  const mean = sum / count
  const level = Math.log(Math.max(1, age)) / 2 / count
  return mean + Math.sqrt(2 * mean * level) + 2 * level
}
