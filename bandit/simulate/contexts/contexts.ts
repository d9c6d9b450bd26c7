/** The contexts of one run. */
export interface Contexts {
  /** Numbers in a context. */
  readonly dimension: number
  /** What the newest context adds to the means, arm by arm; the same array each time. */
  readonly shifts: Float64Array
  /** Draws the next one. */
  next(): Float64Array
}
