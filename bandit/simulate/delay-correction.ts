import { binCount, binOf } from '../delay/bins.ts'
import { correctedCounts, type CorrectedCount } from '../delay/corrected-counts.ts'
import { pullsThrough } from '../delay/exposure.ts'

/** Counts an arm's pulls by how much of its rewards would have come by now, as the gateway does it. */
export interface DelayCorrection {
  decide(arm: number, step: number): void
  reward(arm: number, delay: number, reward: number): void
  restart(arm: number): void
  counts(step: number): readonly CorrectedCount[]
}

/** Pulls are counted in buckets of about this part of the window. */
const bucketsInWindow = 60

/** `window` in decisions, one decision lasting one millisecond. */
export function createDelayCorrection(arms: number, window: number): DelayCorrection {
  const width = Math.max(1, Math.round(window / bucketsInWindow))
  const states = Array.from({ length: arms }, newState)
  return {
    decide(arm, step) {
      const { open } = states[arm]!
      const bucket = Math.floor(step / width)
      open.set(bucket, (open.get(bucket) ?? 0) + 1)
    },
    reward(arm, delay, reward) {
      states[arm]!.rewards[binOf(delay, window)]! += reward
    },
    restart(arm) {
      states[arm] = newState()
    },
    counts: (step) =>
      correctedCounts(
        states.map((state) => {
          const exposure = exposureOf(state, step)
          return { rewards: state.rewards, exposure, through: pullsThrough(exposure, window) }
        }),
      ),
  }

  function exposureOf(state: State, step: number) {
    for (const [bucket, pulls] of state.open) {
      // Buckets come in rising order.
      if ((bucket + 1) * width + window > step) break
      state.closed += pulls
      state.open.delete(bucket)
    }
    const open = [...state.open].map(([bucket, pulls]) => ({
      ageMs: Math.max(0, step - (bucket + 0.5) * width),
      pulls,
    }))
    return { closed: state.closed, open }
  }
}

interface State {
  /** By bin of delay. */
  readonly rewards: Float64Array
  /** Pulls whose window is over. */
  closed: number
  readonly open: Map<number, number>
}

function newState(): State {
  return { rewards: new Float64Array(binCount), closed: 0, open: new Map() }
}
