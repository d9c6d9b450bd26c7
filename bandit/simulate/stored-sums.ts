import { epochWeights, type Forgetting, oldestEpoch, placeBucket } from '../beliefs/forgetting.ts'
import { linearDelta, linearLength, type LinearSums, weighLinear } from '../linear/sums.ts'
import type { Lesson } from './lesson.ts'
import { rewardDelta, type Sums, toMicro, weighSums } from '../beliefs/statistics.ts'

/** Sums by epoch, as a store holds them, one decision lasting one millisecond. */
export interface StoredSums {
  add(lesson: Lesson): void
  clear(arm: number): void
  /** Arm by arm, weighed as the gateway weighs them; the same object as before where nothing has changed. */
  at(step: number): readonly WeighedSums[]
}

export type WeighedSums = Sums & { readonly linear?: LinearSums }

const sumsLength = 5
const inFull = () => 1

export function createStoredSums(arms: number, forgetting: Forgetting, dimension?: number): StoredSums {
  const length = sumsLength + (dimension === undefined ? 0 : linearLength(dimension))
  const epochs = Array.from({ length: arms }, () => new Map<number, Float64Array>())
  /** Where nothing fades. */
  const known: (WeighedSums | undefined)[] = epochs.map(() => undefined)

  const weigh = (arm: number, weightOf: (epoch: number) => number): WeighedSums => ({
    ...weighSums(epochs[arm]!, weightOf),
    ...(dimension !== undefined && {
      linear: weighLinear(epochs[arm]!, weightOf, { from: sumsLength, dimension }),
    }),
  })

  return {
    add({ arm, decidedAt, reward, propensity, coin, features }) {
      const { epoch, weight } = placeBucket(decidedAt, 1, forgetting)
      let sums = epochs[arm]!.get(epoch)
      if (sums === undefined) epochs[arm]!.set(epoch, (sums = new Float64Array(length)))
      addTo(sums, 0, rewardDelta(toMicro(reward), weight, { propensity, coin }))
      if (features !== undefined) addTo(sums, sumsLength, linearDelta(features, toMicro(reward), weight))
      known[arm] = undefined
    },
    clear(arm) {
      epochs[arm]!.clear()
      known[arm] = undefined
    },
    at(step) {
      if (forgetting.kind === 'none')
        return known.map((sums, arm) => (known[arm] = sums ?? weigh(arm, inFull)))
      const oldest = oldestEpoch(step, forgetting)
      for (const own of epochs) for (const epoch of own.keys()) if (epoch < oldest) own.delete(epoch)
      const weights = epochWeights(epochs, step, forgetting)
      return weights.map((weightOf, arm) => weigh(arm, weightOf))
    },
  }
}

function addTo(sums: Float64Array, from: number, delta: Float64Array): void {
  for (let at = 0; at < delta.length; at++) sums[from + at]! += delta[at]!
}
