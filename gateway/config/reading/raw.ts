/** The file as it was written, before its shape is known to be right: looked into without trusting it. */
export type Raw = Readonly<Record<string, unknown>>

export function isRaw(value: unknown): value is Raw {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** What stands under `key`, or nothing where there is no such thing. */
export function partOf(value: unknown, key: string): unknown {
  return isRaw(value) && Object.hasOwn(value, key) ? value[key] : undefined
}

/** Names and what they stand for, under `key`. */
export function entriesOf(value: unknown, key: string): [name: string, value: unknown][] {
  const part = partOf(value, key)
  return isRaw(part) ? Object.entries(part) : []
}
