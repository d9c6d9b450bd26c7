import type { RewardBounds } from '../bounds.ts'
import type { Delay } from '../delay/delay.ts'
import type { Forgetting } from '../beliefs/forgetting.ts'
import type { ArmBelief } from '../policies/policy.ts'

/** What was decided and earned under one definition of the reward, as a decision log has it. */
export interface History {
  /** All arms of the endpoint. */
  readonly arms: readonly HistoryArm[]
  /** When `arms` were believed what they say; ms since 1970 as are all times here. */
  readonly beganAt: number
  /** The newest time in the log. */
  readonly endedAt: number
  readonly learning: {
    readonly windowMs: number
    readonly bucketMs: number
    readonly forgetting: Forgetting
    readonly bounds: RewardBounds
    /** `arrival` when absent. */
    readonly delay?: Delay
  }
  /** What a decision without feedback earns when its window is over; undefined = it is never known. */
  readonly defaultReward: number | undefined
  /** Numbers in the context of every decision; absent where the endpoint declares none. */
  readonly dimension?: number
  /** In order of time. */
  readonly decisions: readonly LoggedDecision[]
  /** In the order in which they became known; several of one decision correct each other. */
  readonly rewards: readonly LoggedReward[]
}

export interface HistoryArm {
  /** What had been learned of the arm before the first decision. */
  readonly belief: Omit<ArmBelief, 'pending'>
}

export interface LoggedDecision {
  readonly key: string
  readonly decidedAt: number
  /** The arms that could be chosen. */
  readonly arms: readonly string[]
  /** One an arm, summing to 1. */
  readonly propensities: Float64Array
  /** Place of the arm that was chosen. */
  readonly chosen: number
  /** What its arm was drawn with, where that was not its own: those of one unit are not independent of each other. */
  readonly unit?: string
  /** What its answer cost: rewards have it taken off, and a default has not. */
  readonly penalty?: number
  /** Its context, encoded; on every decision of the log, or on none. */
  readonly features?: Float64Array
}

export interface LoggedReward {
  readonly key: string
  readonly arm: string
  readonly decidedAt: number
  readonly knownAt: number
  /** In natural units; undefined = the decision is void, it was never shown. */
  readonly reward: number | undefined
}
