import { weighDelays } from '../rewards/contribution.ts'
import { epochWeights, type Epochs, type Forgetting, placeBucket } from '../beliefs/forgetting.ts'
import type { ArmState, EndpointState } from '../store/store.ts'
import type { Delay } from './delay.ts'
import { type Exposure, pullsThrough } from './exposure.ts'
import type { DelayEvidence } from './kaplan-meier.ts'

export interface ArmDelays extends DelayEvidence {
  readonly exposure: Exposure
}

export interface DelayTimes {
  readonly delay: Delay
  readonly windowMs: number
  readonly bucketMs: number
  readonly forgetting: Forgetting
  readonly defaultMicro: number | undefined
  /** Numbers in a context, where contexts are learned. */
  readonly dimension?: number | undefined
}

type WeightOf = (epoch: number) => number

const noEpochs: Epochs = new Map()

/** Per arm, what is known of its delays at `nowMs`; `counts` are the weighted rewards and defaults learned. */
export function gatherDelays(
  names: readonly string[],
  state: EndpointState,
  counts: readonly number[],
  nowMs: number,
  times: DelayTimes,
): readonly ArmDelays[] {
  const arms = names.map((name) => state.arms.get(name))
  const weights = epochWeights(
    arms.map((arm) => arm?.epochs ?? noEpochs),
    nowMs,
    times.forgetting,
  )
  return arms.map((arm, index) => {
    const rewards = weighDelays(arm?.epochs ?? noEpochs, weights[index]!)
    const exposure = exposureOf(arm, counts[index]!, weights[index]!, nowMs, times)
    return { rewards, exposure, through: pullsThrough(exposure, times.windowMs) }
  })
}

function exposureOf(
  arm: ArmState | undefined,
  count: number,
  weightOf: WeightOf,
  nowMs: number,
  times: DelayTimes,
): Exposure {
  // What is held has not been learned, so all that was learned has lived through its window.
  if (arm === undefined || times.delay === 'hold') return { closed: count, open: [] }
  const { bucketMs, forgetting, defaultMicro, dimension, delay } = times
  const open = [...arm.open].map(([bucket, { pulls, rewarded, voided }]) => {
    const { epoch, weight } = placeBucket(bucket, bucketMs, forgetting)
    const w = weight * weightOf(epoch)
    // A reward may have come before its pull was flushed.
    const shown = Math.max(rewarded, pulls - voided)
    return {
      ageMs: Math.max(0, nowMs - (bucket + 0.5) * bucketMs),
      pulls: shown * w,
      rewarded: rewarded * w,
      shown,
    }
  })
  const rewarded = open.reduce((sum, each) => sum + each.rewarded, 0)
  // By context the sums count no pull before its bucket is closed, see `silence.ts`.
  const counted = delay === 'corrected' && dimension !== undefined ? 0 : rewarded
  if (defaultMicro !== undefined) return { closed: Math.max(0, count - counted), open }
  // Pulls that were written off are in no sum: they weigh as the rewards of the arm do on average.
  const { totals } = arm
  const shown = open.reduce((sum, each) => sum + each.shown, 0)
  const scale = totals.rewarded > 0 ? Math.min(1, count / totals.rewarded) : 1
  return { closed: Math.max(0, totals.pulls - totals.voided - shown) * scale, open }
}
