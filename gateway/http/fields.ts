import { GatewayError } from '../errors.ts'

export type Fields = Readonly<Record<string, unknown>>

/**
 * `value` as an object with no fields but `known` ones. Read it by literal names only: names that callers choose
 * are looked up with Object.hasOwn, as `constructor` is on every object.
 *
 * @throws GatewayError invalid_field, unknown_field
 */
export function parseFields(value: unknown, known: ReadonlySet<string>): Fields {
  if (!isObject(value)) throw invalid('', `expected an object with ${[...known].join(', ')}`, value)
  for (const name in value) {
    if (known.has(name)) continue
    const mend = known.has('inputs') && !('inputs' in value) ? 'put it into inputs' : 'take this one out'
    throw new GatewayError('unknown_field', `known fields are ${[...known].join(', ')}: ${mend}`, {
      pointer: `/${escapePointer(name)}`,
    })
  }
  return value
}

export function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** @throws GatewayError invalid_field unless the field is absent or text of 1 to `maxLength` characters */
export function textField(fields: Fields, name: string, maxLength: number): string | undefined {
  const value = fields[name]
  if (value === undefined) return undefined
  if (typeof value === 'string' && value.length > 0 && value.length <= maxLength) return value
  throw invalid(`/${name}`, `expected text of 1 to ${maxLength} characters`, value)
}

export function missing(name: string, what: string): GatewayError {
  return new GatewayError('missing_field', `${name} is missing: add ${what}`, { pointer: '' })
}

export function invalid(pointer: string, expected: string, found: unknown): GatewayError {
  return new GatewayError('invalid_field', `${expected}, found ${describe(found)}`, { pointer })
}

function describe(value: unknown): string {
  if (Array.isArray(value)) return `a list of ${value.length}`
  if (typeof value === 'string') {
    return value.length > 40 ? `text of ${value.length} characters` : `the text ${JSON.stringify(value)}`
  }
  return typeof value === 'object' && value !== null ? 'an object' : String(value)
}

/** RFC 6901. Names are cut, so that a pointer never is longer than a log line should be. */
export function escapePointer(name: string): string {
  return name.slice(0, 128).replaceAll('~', '~0').replaceAll('/', '~1')
}
