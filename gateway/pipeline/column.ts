import { GatewayError } from '../errors.ts'
import { pointerTo, type Field, type Value } from './table.ts'

/** A field on its way to a tensor: as it was sent, as numbers (NaN = missing), or as texts (undefined = missing). */
export type Column = Heading &
  (
    | { readonly kind: 'raw'; readonly values: readonly Value[] }
    | { readonly kind: 'number'; readonly values: Float64Array }
    | { readonly kind: 'text'; readonly values: readonly (string | undefined)[] }
  )

/** What is known of a column before there is a request. */
export interface Heading {
  /** Of the field that it came from. */
  readonly name: string
  readonly kind: 'raw' | 'number' | 'text'
}

/** @throws GatewayError invalid_input, where a text was sent */
export function toNumbers(column: Column, field: Field | undefined): Float64Array {
  if (column.kind === 'number') return column.values
  const numbers = new Float64Array(column.values.length)
  for (let row = 0; row < numbers.length; row++) {
    const value = column.values[row]
    if (typeof value === 'string') throw expected('a number', column.name, row, field, value)
    numbers[row] = value === null || value === undefined ? NaN : Number(value)
  }
  return numbers
}

/** Numbers in the shortest words that mean them: 1 and 1.0 are the same category. */
export function toTexts(column: Column): readonly (string | undefined)[] {
  if (column.kind === 'text') return column.values
  return Array.from<Value, string | undefined>(column.values, (value) =>
    value === null || Number.isNaN(value) ? undefined : String(value),
  )
}

/** What was sent of `name` in this row does not do. */
export function expected(
  what: string,
  name: string,
  row: number,
  field: Field | undefined,
  found: unknown,
): GatewayError {
  const words =
    typeof found === 'string' && found.length > 40
      ? `text of ${found.length} characters`
      : JSON.stringify(found)
  return new GatewayError('invalid_input', `"${name}": expected ${what}, found ${words}`, {
    pointer: pointerTo(name, field?.single === true ? undefined : row),
  })
}
