/** What an estimate is made of: Σ top / Σ bottom, one number a decision. */
export interface Summands {
  readonly top: Float64Array
  /** Undefined = 1 for every decision. */
  readonly bottom: Float64Array | undefined
  /** What stands for `top` in an interval, where `top` alone would hide that the model was fitted to the log. */
  readonly spread?: Float64Array
}
