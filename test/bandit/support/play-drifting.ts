import { drawArm } from '../../../bandit/decisions/distribution.ts'
import { epochWeights, type Forgetting, placeBucket } from '../../../bandit/beliefs/forgetting.ts'
import type { Policy } from '../../../bandit/policies/policy.ts'
import { rewardDelta, weighSums } from '../../../bandit/beliefs/statistics.ts'

/**
 * Pseudo-regret of one run on arms whose chances of paying 1 change: `segments` of equal length, each with the chance
 * of every arm. One play takes `playMs`, and each is a bucket of its own. `floor` is the share that every arm gets.
 */
export function playDrifting(
  policy: Policy,
  forgetting: Forgetting,
  segments: readonly (readonly number[])[],
  plays: number,
  uniform: () => number,
  { playMs = 1, floor = 0 } = {},
): number {
  const count = segments[0]!.length
  const epochs = Array.from({ length: count }, () => new Map<number, Float64Array>())
  let regret = 0
  for (let at = 0; at < plays; at++) {
    const means = segments[Math.floor((at * segments.length) / plays)]!
    const weights = epochWeights(epochs, at * playMs, forgetting)
    const beliefs = epochs.map((own, arm) =>
      Object.assign(weighSums(own, weights[arm]!), { name: String(arm), pending: 0 }),
    )
    const distribution = policy.distribution(beliefs).map((p) => (1 - count * floor) * p + floor)
    const arm = drawArm(distribution, uniform())
    const reward = uniform() < means[arm]! ? 1_000_000 : 0
    const { epoch, weight } = placeBucket(at, playMs, forgetting)
    const sums = epochs[arm]!.get(epoch) ?? new Float64Array(5)
    const delta = rewardDelta(reward, weight)
    epochs[arm]!.set(
      epoch,
      sums.map((sum, index) => sum + delta[index]!),
    )
    regret += Math.max(...means) - means[arm]!
  }
  return regret
}
