/** A reward that has come. */
export interface Lesson {
  readonly arm: number
  readonly decidedAt: number
  readonly heardAt: number
  readonly reward: number
  readonly propensity: number
  /** Uniform in [0, 1): the reward counts as a success if it is above. */
  readonly coin: number
  /** The context of the decision, where there is one. */
  readonly features?: Float64Array | undefined
}
