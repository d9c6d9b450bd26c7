import { GatewayError } from '../errors.ts'
import { escapePointer, type Fields } from '../http/fields.ts'

/** Null where it is not known. */
export type Value = number | string | boolean | null

export interface Field {
  /** One a row. */
  readonly values: readonly Value[]
  /** It was said once, for all rows. */
  readonly single: boolean
}

/** What a request says, a value of each field for each row. */
export interface Table {
  readonly rows: number
  readonly fields: ReadonlyMap<string, Field>
}

/**
 * The fields of a request: each one value, which then is that of every row, or a flat list with one for each row.
 *
 * @throws GatewayError unknown_input, invalid_input, row_mismatch
 */
export function parseTable(inputs: Fields, known: ReadonlySet<string>): Table {
  let rows: number | undefined
  for (const [name, value] of Object.entries(inputs)) {
    if (!known.has(name)) {
      const detail = `the endpoint takes ${[...known].join(', ')}: take this one out`
      throw new GatewayError('unknown_input', detail, { pointer: pointerTo(name) })
    }
    if (!Array.isArray(value)) continue
    rows ??= value.length
    if (rows === value.length) continue
    const detail = `"${name}" has ${value.length} values, those before it ${rows}: send as many of each, or one`
    throw new GatewayError('row_mismatch', detail, { pointer: pointerTo(name) })
  }
  if (rows === 0) {
    throw new GatewayError('invalid_input', 'the inputs have no rows: send at least one', {
      pointer: '/inputs',
    })
  }
  const count = rows ?? 1
  const fields = Object.entries(inputs).map(
    ([name, value]) => [name, parseField(name, value, count)] as const,
  )
  return { rows: count, fields: new Map(fields) }
}

/** @param row undefined = the whole field */
export function pointerTo(name: string, row?: number): string {
  const pointer = `/inputs/${escapePointer(name)}`
  return row === undefined ? pointer : `${pointer}/${row}`
}

function parseField(name: string, value: unknown, rows: number): Field {
  if (!Array.isArray(value)) {
    if (!isValue(value)) throw notAValue(pointerTo(name))
    return { values: Array.from({ length: rows }, () => value), single: true }
  }
  for (const [row, each] of (value as unknown[]).entries())
    if (!isValue(each)) throw notAValue(pointerTo(name, row))
  return { values: value as Value[], single: false }
}

function isValue(value: unknown): value is Value {
  if (typeof value === 'number') return Number.isFinite(value)
  return value === null || typeof value === 'string' || typeof value === 'boolean'
}

function notAValue(pointer: string): GatewayError {
  return new GatewayError('invalid_input', 'expected a number, text, true, false or null', { pointer })
}
