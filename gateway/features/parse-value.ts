import type { FeatureType } from '../config/features/features.ts'
import type { Value } from '../pipeline/table.ts'

/** What a store of texts holds, as its type; null where it is none of that type, or nothing. */
export function parseText(text: string | null | undefined, type: FeatureType): Value {
  if (text === null || text === undefined) return null
  if (type === 'text') return text
  if (type === 'boolean') return booleans.get(text.toLowerCase()) ?? null
  const number = text.trim() === '' ? NaN : Number(text)
  return Number.isFinite(number) ? number : null
}

const booleans = new Map([
  ['1', true],
  ['true', true],
  ['0', false],
  ['false', false],
])

/** What came as JSON, as its type; null where it is of another one. */
export function parseJsonValue(value: unknown, type: FeatureType): Value {
  if (type === 'number') return typeof value === 'number' && Number.isFinite(value) ? value : null
  if (type === 'text') return typeof value === 'string' ? value : null
  return typeof value === 'boolean' ? value : null
}
