import { toShare } from '../bounds.ts'
import { bucketOf } from '../buckets.ts'
import { delaysEnd } from '../rewards/contribution.ts'
import { placeBucket, type Epochs, type Forgetting } from '../beliefs/forgetting.ts'
import { linearDelta, linearLength, linearUnits } from '../linear/sums.ts'
import { coinFromKey } from '../random.ts'
import { rewardDelta, toMicro } from '../beliefs/statistics.ts'
import type { History, HistoryArm } from './history.ts'

/** The sums that a store would hold, built again reward by reward. */
export interface ReplayedSums {
  /** A later reward of the same decision takes the place of the earlier one. */
  learn(reward: Learned): void
  state(): { readonly arms: ReadonlyMap<string, { readonly epochs: Epochs }> }
}

export interface Learned {
  readonly key: string
  readonly arm: string
  readonly decidedAt: number
  /** In natural units; undefined takes an earlier one back. */
  readonly reward: number | undefined
  /** Of the decision, where it is known; a default reward has none. */
  readonly propensity: number | undefined
  /** Its context, where the log has contexts and the decision. */
  readonly features: Float64Array | undefined
}

const micro = 1e6

export function createReplayedSums(history: History, forgetting: Forgetting): ReplayedSums {
  const { bucketMs, bounds } = history.learning
  const length = delaysEnd + (history.dimension === undefined ? 0 : linearLength(history.dimension))
  const arms = new Map(
    history.arms.map((arm) => [arm.belief.name, new Map([beginning(arm, history.beganAt)])]),
  )
  const known = new Map<string, Learned>()

  /** Adds what a reward is worth, or takes it away. Delays are not replayed. */
  function add({ key, arm, decidedAt, reward, propensity, features }: Learned, sign: 1 | -1): void {
    const epochs = arms.get(arm)
    if (epochs === undefined || reward === undefined) return
    const { epoch, weight } = placeBucket(bucketOf(decidedAt, bucketMs), bucketMs, forgetting)
    let sums = epochs.get(epoch)
    if (sums === undefined) epochs.set(epoch, (sums = new Float64Array(length)))
    const rewardMicro = toMicro(toShare(reward, bounds))
    const draw = propensity === undefined ? undefined : { propensity, coin: coinFromKey(key) }
    addTo(sums, 0, rewardDelta(rewardMicro, weight, draw), sign)
    if (features !== undefined) addTo(sums, delaysEnd, linearDelta(features, rewardMicro, weight), sign)
  }

  /** What was known when the log began, as if it had all been learned at that moment. */
  function beginning({ belief }: HistoryArm, beganAt: number): [number, Float64Array] {
    const { count, sum, sumOfSquares, importanceSum, successes, linear } = belief
    const { epoch, weight } = placeBucket(beganAt, 1, forgetting)
    const sums = new Float64Array(length)
    sums.set([count, sum, sumOfSquares, importanceSum, successes].map((value) => value * weight * micro))
    if (linear !== undefined && history.dimension === linear.dimension)
      sums.set(linearUnits(linear, weight), delaysEnd)
    return [epoch, sums]
  }

  return {
    learn(reward) {
      const before = known.get(reward.key)
      if (before !== undefined) add(before, -1)
      add(reward, 1)
      known.set(reward.key, reward)
    },
    state: () => ({ arms: new Map([...arms].map(([name, epochs]) => [name, { epochs }])) }),
  }
}

function addTo(sums: Float64Array, from: number, delta: Float64Array, sign: 1 | -1): void {
  for (let at = 0; at < delta.length; at++) sums[from + at]! += sign * delta[at]!
}
