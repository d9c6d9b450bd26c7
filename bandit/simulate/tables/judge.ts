import type { Find, Row } from './table.ts'

export interface JudgedRow {
  readonly label: string
  readonly paper?: number
  readonly reference: number
  readonly atMost: boolean
  readonly ours: number
  /** Standard error of ours. */
  readonly error: number
  /** Largest deviation from the reference that is let pass. */
  readonly allowed: number
  readonly verdict: 'within' | 'outside'
}

/** Four standard errors: a right row fails once in 16,000 times. */
const errorsAllowed = 4

/**
 * Lets pass what is off by the row's tolerance, or by four standard errors of the difference if that is more; what
 * is not a number is outside.
 */
export function judge(row: Row, find: Find): JudgedRow {
  const { label, paper, reference, referenceError = 0, tolerance, atMost = false } = row
  const { value, error } = row.measure(find)
  const allowed = Math.max(tolerance * Math.abs(reference), errorsAllowed * Math.hypot(error, referenceError))
  const off = atMost ? value - reference : Math.abs(value - reference)
  const verdict = off <= allowed ? 'within' : 'outside'
  return {
    label,
    ...(paper !== undefined && { paper }),
    reference,
    atMost,
    ours: value,
    error,
    allowed,
    verdict,
  }
}
