declare global {
  interface JSON {
    rawJSON(text: string): unknown
  }
}

interface ReviverContext {
  readonly source?: string
}

/** As JSON.parse, but whole numbers beyond 2^53 come as bigints with all their digits. Slower by far. */
export function parseExact(text: string): unknown {
  const exact = (_key: string, value: unknown, context?: ReviverContext): unknown => {
    const source = context?.source
    if (typeof value !== 'number' || Number.isSafeInteger(value) || source === undefined) return value
    return /^-?\d{16,20}$/.test(source) ? BigInt(source) : value
  }
  return JSON.parse(text, exact)
}

/** A number where that is exact, else the digits for JSON.stringify to write as they are. */
export function toJsonInteger(value: bigint): unknown {
  const number = Number(value)
  return Number.isSafeInteger(number) ? number : JSON.rawJSON(value.toString())
}
