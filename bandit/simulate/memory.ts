import { epochWeights, type Forgetting, oldestEpoch, placeBucket } from '../forgetting.ts'
import type { ArmBelief } from '../policies/policy.ts'
import { rewardDelta, type Sums, toMicro, weighSums } from '../statistics.ts'
import type { PendingRule } from './contender.ts'
import { createDelayCorrection } from './delay-correction.ts'

/** A belief of one run, with what only a simulation knows. */
export interface SimulatedBelief extends ArmBelief {
  /** Decisions since the arm came. */
  readonly age: number
}

/** What one run has learned. */
export interface Memory {
  /** The same objects all along. */
  readonly beliefs: readonly SimulatedBelief[]
  /** Rises whenever the beliefs change. */
  readonly version: number
  decide(arm: number, step: number): void
  learn(lesson: Lesson): void
  /** Gives up waiting for the reward of a pull. */
  writeOff(arm: number, decidedAt: number): void
  /** Forgets all of an arm, which starts again at `step`. */
  restart(arm: number, step: number): void
  /** Brings the beliefs to `step`. */
  refresh(step: number): void
}

/** A reward that has come. */
export interface Lesson {
  readonly arm: number
  readonly decidedAt: number
  readonly heardAt: number
  readonly reward: number
  readonly propensity: number
  /** Uniform in [0, 1): the reward counts as a success if it is above. */
  readonly coin: number
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] }

const nothing: Sums = { count: 0, sum: 0, sumOfSquares: 0, importanceSum: 0, successes: 0 }

export interface MemoryRules {
  readonly pending: PendingRule
  readonly forgetting: Forgetting
  /** Decisions in which a reward comes if it does, where silence is judged by its age; nothing is forgotten then. */
  readonly correctedWindow?: number | undefined
}

export function createMemory(
  names: readonly string[],
  { pending, forgetting, correctedWindow }: MemoryRules,
): Memory {
  const beliefs = names.map((name): Mutable<SimulatedBelief> => ({ name, ...nothing, pending: 0, age: 0 }))
  const sums = forgetting.kind === 'none' ? undefined : createFadingSums(names.length, forgetting)
  const correction =
    correctedWindow === undefined ? undefined : createDelayCorrection(names.length, correctedWindow)
  const bornAt = new Float64Array(names.length)
  // Under `failed`, a pull is in the count from the decision on.
  const waiting = new Float64Array(names.length)
  let version = 0

  const wait = (arm: number, pulls: number): void => {
    waiting[arm]! += pulls
    if (pending === 'counted') beliefs[arm]!.pending = waiting[arm]!
    if (pending !== 'failed') return
    beliefs[arm]!.count += pulls
    version++
  }

  return {
    beliefs,
    get version() {
      return version
    },
    decide(arm, step) {
      correction?.decide(arm, step)
      wait(arm, 1)
    },
    learn(lesson) {
      const { arm, decidedAt, heardAt, reward, propensity, coin } = lesson
      if (decidedAt < bornAt[arm]!) return
      const belief = beliefs[arm]!
      wait(arm, -1)
      version++
      if (sums !== undefined) return sums.add(lesson)
      correction?.reward(arm, heardAt - decidedAt - 1, reward)
      if (correction === undefined) belief.count += 1
      belief.sum += reward
      belief.sumOfSquares += reward * reward
      belief.importanceSum += reward / Math.max(1e-3, propensity)
      belief.successes += coin < reward ? 1 : 0
    },
    writeOff(arm, decidedAt) {
      if (decidedAt >= bornAt[arm]! && correction === undefined) wait(arm, -1)
    },
    restart(arm, step) {
      version++
      bornAt[arm] = step
      waiting[arm] = 0
      sums?.clear(arm)
      correction?.restart(arm)
      Object.assign(beliefs[arm]!, nothing, { pending: 0, age: 0 })
    },
    refresh(step) {
      for (const [arm, belief] of beliefs.entries()) belief.age = step - bornAt[arm]!
      if (correction !== undefined) {
        version++
        for (const [arm, corrected] of correction.counts(step).entries()) {
          const belief = beliefs[arm]!
          belief.count = Math.max(belief.sum, corrected.count)
          waiting[arm] = 0
          wait(arm, corrected.pending)
        }
      }
      if (sums === undefined) return
      version++
      for (const [arm, weighed] of sums.at(step).entries()) {
        Object.assign(beliefs[arm]!, weighed)
        if (pending === 'failed') beliefs[arm]!.count += waiting[arm]!
      }
    },
  }
}

/** Sums by epoch, weighed as the gateway weighs them, one decision lasting one millisecond. */
function createFadingSums(arms: number, forgetting: Forgetting) {
  const epochs = Array.from({ length: arms }, () => new Map<number, Float64Array>())
  return {
    add({ arm, decidedAt, reward, propensity, coin }: Lesson): void {
      const { epoch, weight } = placeBucket(decidedAt, 1, forgetting)
      const delta = rewardDelta(toMicro(reward), weight, { propensity, coin })
      const known = epochs[arm]!.get(epoch)
      if (known === undefined) epochs[arm]!.set(epoch, delta)
      else for (let at = 0; at < delta.length; at++) known[at]! += delta[at]!
    },
    clear: (arm: number): void => epochs[arm]!.clear(),
    at(step: number): readonly Sums[] {
      const oldest = oldestEpoch(step, forgetting)
      for (const own of epochs) for (const epoch of own.keys()) if (epoch < oldest) own.delete(epoch)
      const weights = epochWeights(epochs, step, forgetting)
      return epochs.map((own, arm) => weighSums(own, weights[arm]!))
    },
  }
}
