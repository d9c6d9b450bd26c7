import type { ContextSchema } from '../../context/features.ts'

/** What a decision is made in, and what that does to the mean rewards of the arms. Plain data. */
export type ContextLaw = DeclaredContexts | WheelContexts | DealtRows

/** Drawn feature by feature and encoded as a gateway does it. */
export interface DeclaredContexts {
  readonly kind: 'declared'
  readonly schema: ContextSchema
  /** By feature, how often each of its texts comes, as weights; the listed ones all alike unless said. */
  readonly traffic: Readonly<Record<string, Readonly<Record<string, number>>>>
  /** Arm by arm, what features add to its mean. */
  readonly effects: readonly Effects[]
}

/**
 * By feature. A number is times what the feature becomes, 0 to 1 for one with a range or a boolean, −1 to 1 around a
 * mean; texts add what is said of them, or nothing.
 */
export type Effects = Readonly<Record<string, number | Readonly<Record<string, number>>>>

/**
 * Points (x, y) of the unit disc, all alike likely. Arms 0 to 3 are one quadrant's each: `bonus` is added to the mean
 * of a quadrant's arm for points of it beyond `radius`, and no other point makes a difference.
 */
export interface WheelContexts {
  readonly kind: 'wheel'
  readonly radius: number
  readonly bonus: number
}

/** Rows in a new random order each pass; 1 is added to the mean of the arm that a row names. */
export interface DealtRows {
  readonly kind: 'rows'
  readonly rows: readonly Row[]
}

export interface Row {
  /** The first one is 1, the others are whole thousandths. */
  readonly features: Float64Array
  readonly arm: number
}
