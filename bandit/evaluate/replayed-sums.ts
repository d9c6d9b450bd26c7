import { toShare } from '../bounds.ts'
import { bucketOf } from '../buckets.ts'
import { placeBucket, type Epochs, type Forgetting } from '../forgetting.ts'
import { coinFromKey } from '../random.ts'
import { rewardDelta, subtract, toMicro, type Draw } from '../statistics.ts'
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
}

interface Entry {
  readonly epoch: number
  readonly delta: Float64Array
}

const micro = 1e6
const nothing = new Float64Array(5)

export function createReplayedSums(history: History, forgetting: Forgetting): ReplayedSums {
  const { bucketMs, bounds } = history.learning
  const epochs = new Map(
    history.arms.map((arm) => [arm.belief.name, new Map([beginning(arm, history.beganAt, forgetting)])]),
  )
  const known = new Map<string, Entry>()

  function add(arm: string, epoch: number, delta: Float64Array): void {
    const sums = epochs.get(arm)
    const before = sums?.get(epoch)
    sums?.set(epoch, before === undefined ? delta : delta.map((value, at) => value + before[at]!))
  }

  return {
    learn({ key, arm, decidedAt, reward, propensity }) {
      const { epoch, weight } = placeBucket(bucketOf(decidedAt, bucketMs), bucketMs, forgetting)
      const draw: Draw | undefined =
        propensity === undefined ? undefined : { propensity, coin: coinFromKey(key) }
      const delta =
        reward === undefined ? nothing : rewardDelta(toMicro(toShare(reward, bounds)), weight, draw)
      const before = known.get(key)
      add(arm, epoch, before === undefined ? delta : subtract(delta, before.delta))
      known.set(key, { epoch, delta })
    },
    state: () => ({ arms: new Map([...epochs].map(([name, sums]) => [name, { epochs: sums }])) }),
  }
}

/** What was known when the log began, as if it had all been learned at that moment. */
function beginning({ belief }: HistoryArm, beganAt: number, forgetting: Forgetting): [number, Float64Array] {
  const { count, sum, sumOfSquares, importanceSum, successes } = belief
  const { epoch, weight } = placeBucket(beganAt, 1, forgetting)
  const sums = [count, sum, sumOfSquares, importanceSum, successes]
  return [epoch, Float64Array.from(sums, (value) => value * weight * micro)]
}
