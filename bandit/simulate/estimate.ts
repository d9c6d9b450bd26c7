import { compiled, stdtri } from 'cephes'

await compiled

/** A mean over runs. */
export interface Estimate {
  readonly mean: number
  /** Standard error of the mean; NaN from a single run. */
  readonly error: number
  /** 95 % interval by Student's t. */
  readonly low: number
  readonly high: number
}

/** Summed in the order given, so that equal values give equal bits. */
export function toEstimate(values: ArrayLike<number>): Estimate {
  const count = values.length
  let sum = 0
  for (let at = 0; at < count; at++) sum += values[at]!
  const mean = sum / count
  let squares = 0
  for (let at = 0; at < count; at++) squares += (values[at]! - mean) ** 2
  const error = Math.sqrt(squares / (count - 1) / count)
  const reach = count > 1 ? stdtri(count - 1, 0.975) * error : Number.NaN
  return { mean, error, low: mean - reach, high: mean + reach }
}
