import type { Forgetting } from '../beliefs/forgetting.ts'
import type { ArmBelief } from '../policies/policy.ts'
import type { Sums } from '../beliefs/statistics.ts'
import type { PendingRule } from './contender.ts'
import { createDelayCorrection } from './delay-correction.ts'
import type { Lesson } from './lesson.ts'
import { createStoredSums, type WeighedSums } from './stored-sums.ts'

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

type Mutable<T> = { -readonly [K in keyof T]: T[K] }

const nothing: Sums = { count: 0, sum: 0, sumOfSquares: 0, importanceSum: 0, successes: 0 }

export interface MemoryRules {
  readonly pending: PendingRule
  readonly forgetting: Forgetting
  /** Decisions in which a reward comes if it does, where silence is judged by its age; nothing is forgotten then. */
  readonly correctedWindow?: number | undefined
  /** Numbers in a context, where there is one. */
  readonly dimension?: number | undefined
}

export function createMemory(
  names: readonly string[],
  { pending, forgetting, correctedWindow, dimension }: MemoryRules,
): Memory {
  const beliefs = names.map((name): Mutable<SimulatedBelief> => ({ name, ...nothing, pending: 0, age: 0 }))
  // Where nothing fades and no context counts, five numbers an arm are all there is to know.
  const sums =
    forgetting.kind === 'none' && dimension === undefined
      ? undefined
      : createStoredSums(names.length, forgetting, dimension)
  const correction =
    correctedWindow === undefined ? undefined : createDelayCorrection(names.length, correctedWindow)
  const bornAt = new Float64Array(names.length)
  // Under `failed`, a pull is in the count from the decision on.
  const waiting = new Float64Array(names.length)
  let version = 0
  let weighed: readonly WeighedSums[] = []

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
      for (let arm = 0; arm < beliefs.length; arm++) beliefs[arm]!.age = step - bornAt[arm]!
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
      const now = sums.at(step)
      for (let arm = 0; arm < now.length; arm++) {
        if (now[arm] === weighed[arm] && pending !== 'failed') continue
        Object.assign(beliefs[arm]!, now[arm])
        if (pending === 'failed') beliefs[arm]!.count += waiting[arm]!
      }
      weighed = now
    },
  }
}
