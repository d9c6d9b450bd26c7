import type { ErrorCode, GatewayError } from '../errors.ts'
import type { Verdict } from './feedback.ts'

/** What became of a batch: every line is in exactly one count, and every refused line is named. */
export interface BatchReport {
  readonly counts: Readonly<Record<string, number>>
  readonly refused: readonly RefusedLine[]
}

export interface RefusedLine {
  /** From 1; in a JSON array, the place in it. */
  readonly line: number
  /** What the line alone would have been answered with. */
  readonly status: number
  readonly code: ErrorCode
  readonly detail: string
  /** Into the line. */
  readonly pointer?: string
}

/** A line of NDJSON that is not blank, under its number in the text. */
export interface Line {
  readonly line: number
  readonly bytes: Buffer
}

export function splitLines(body: Buffer): Line[] {
  const lines: Line[] = []
  let line = 0
  for (let from = 0; from < body.length;) {
    const newline = body.indexOf(0x0a, from)
    const to = newline < 0 ? body.length : newline
    line++
    const bytes = body.subarray(from, to)
    if (!isBlank(bytes)) lines.push({ line, bytes })
    from = to + 1
  }
  return lines
}

function isBlank(bytes: Buffer): boolean {
  return bytes.every((byte) => byte === 0x20 || byte === 0x09 || byte === 0x0d)
}

/** @throws GatewayError store_unavailable when the store was away for every line that is well-formed */
export function toReport(
  verdicts: readonly { readonly line: number; readonly verdict: Verdict }[],
): BatchReport {
  const counts: Record<string, number> = {}
  const refused: RefusedLine[] = []
  for (const { line, verdict } of verdicts) {
    counts[verdict.status] = (counts[verdict.status] ?? 0) + 1
    if (verdict.error !== undefined) refused.push(toRefusedLine(line, verdict.error))
  }
  const { store_unavailable: away = 0, invalid = 0 } = counts
  const whole = verdicts.find(({ verdict }) => verdict.status === 'store_unavailable')?.verdict.error
  if (whole !== undefined && away + invalid === verdicts.length) throw whole
  return { counts, refused }
}

function toRefusedLine(line: number, { status, code, detail, pointer }: GatewayError): RefusedLine {
  return { line, status, code, detail, ...(pointer !== undefined && { pointer }) }
}
