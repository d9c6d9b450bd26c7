import type { ArmBelief } from './policies/policy.ts'
import type { ArmLimits } from './decisions/propensities.ts'
import type { Held } from './decisions/steps.ts'
import type { Stamp } from './store/checkpoint.ts'

/** One choice made by an endpoint's policy. */
export interface Decision {
  /** 12 random bytes as 16 base64url characters, or derived from the caller's own id. */
  readonly key: string
  readonly endpoint: string
  readonly arm: string
  /** Of the model behind the arm, where that is known: the one that answered. */
  readonly version?: string
  /** What the arm is called in the store, where its statistics are kept apart for each version; see `editions.ts`. */
  readonly edition?: string
  /** Probability with which `arm` was chosen, over the arms that could be. */
  readonly propensity: number
  readonly policy: string
  /** Milliseconds since 1970. */
  readonly decidedAt: number
  /** Generation of the statistics that the reward will be added to. */
  readonly generation: string
  /** True when the snapshot was stale (store away) or an arm that should answer could not. */
  readonly degraded: boolean
  /** What an arm was drawn with in place of the key: the same for one unit, so that it stays with its arm. */
  readonly sticky?: string
  /** The rule that left arms out before the policy was asked. */
  readonly rule?: string
  /** Where the prediction is traced, 24 bytes as hex: trace id, span id. Absent where it is not recorded. */
  readonly trace?: string
  /** What its answer cost, in the unit of the reward; absent where the endpoint takes nothing off rewards. */
  readonly penalty?: number
  /** The same in millionths of the greatest penalty, which is what its id says and what is taken off. */
  readonly penaltyMicro?: number
  /** The context that it was made in, encoded; where the endpoint declares any. */
  readonly features?: Float64Array
  /** What the arm was drawn from; absent on a decision read back from the ledger. */
  readonly basis?: Basis
}

/**
 * What decisions are drawn from: one object for all of the same snapshot and the same arms, never copied. A policy
 * that looks at pending pulls or at contexts makes one a decision.
 */
export interface Basis {
  readonly snapshot: Snapshot
  /** The arms that could be chosen, in the order of the distribution. */
  readonly arms: readonly string[]
  readonly distribution: Float64Array
  /** Pulls that waited for their reward, one number an arm; absent where the policy does not look at them. */
  readonly pending?: Float64Array
  /** Where the distribution is not yet what the policy wants, as shares move by steps. */
  readonly held?: Held
}

/** What was believed of every arm of an endpoint from one reading of its state to the next. */
export interface Snapshot {
  /** Milliseconds since 1970. */
  readonly takenAt: number
  /** Version of the state in the store. */
  readonly version: number
  /** All arms; how many pulls are pending is for each decision to say. */
  readonly beliefs: readonly ArmBelief[]
  /** What held for each of them. */
  readonly limits: readonly ArmLimits[]
}

export type Label = string | number | boolean

/** What a client says of one prediction, already checked for types and bounds. */
export interface Feedback {
  /** Exactly one of predictionId and callerId is there. */
  readonly predictionId?: string
  /** The caller's own id of a prediction, as sent with `/predict`. */
  readonly callerId?: {
    readonly endpoint: string
    readonly id: string
    /** Whose word for it that is; absent = everybody's. */
    readonly tenant?: string | undefined
  }
  /** Exactly one of reward, label and void is there. A label may be one value or one a row. */
  readonly reward?: number
  readonly label?: Label | readonly Label[]
  /** The prediction was never shown: whatever was or will be learned of it is taken back. */
  readonly void?: true
  /** Names one event of the prediction; '' when the client gave none. */
  readonly eventId: string
  /** When the event happened, ms since 1970; absent = when it was accepted. */
  readonly at?: number
  /** When a gateway accepted it, if that is some time ago: the window is judged by it. */
  readonly acceptedAt?: number
  /** True: a checkpoint that was given back to the store holds it, see `apply-restored.ts`. */
  readonly restored?: true
}

/** What became of one feedback. Only `applied`, `corrected` and the first `void` changed anything. */
export type FeedbackStatus =
  | 'applied'
  /** On the disk of the gateway that took it, until the store is back. */
  | 'journalled'
  | 'duplicate'
  | 'corrected'
  | 'void'
  | 'late'
  | 'unknown'
  | 'forged'
  | 'invalid'

export interface FeedbackOutcome {
  readonly status: FeedbackStatus
  /** Why, and how to mend it, where the status is not applied, duplicate or corrected. */
  readonly detail?: string
  /** These are known once the prediction id has been verified. */
  readonly key?: string
  readonly decidedAt?: number
  readonly endpoint?: string
  readonly arm?: string
  /** Reward that now counts for the decision, in natural units. */
  readonly reward?: number
  /** Milliseconds from decision to acceptance. */
  readonly delayMs?: number
  /** Where the prediction was traced, as in its decision. */
  readonly trace?: string
  /** Where the store has it; absent where it keeps nothing of it. */
  readonly stamp?: Stamp
  /** True: nothing was written; the store has had it since the stamp at the latest. */
  readonly unchanged?: true
}
