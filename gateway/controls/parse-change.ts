import { invalid, missing, parseFields, type Fields } from '../http/fields.ts'

/** What is to change of an arm: a field that is undefined stays, null goes back to the configuration. */
export interface ArmChange {
  readonly state: 'active' | 'paused' | undefined
  readonly minShare: number | null | undefined
  readonly maxShare: number | null | undefined
}

const known = new Set(['state', 'min_share', 'max_share'])

/** @throws GatewayError unknown_field, missing_field, invalid_field */
export function parseChange(value: unknown): ArmChange {
  const fields = parseFields(value, known)
  const { state } = fields as { readonly state?: unknown }
  if (state !== undefined && state !== 'active' && state !== 'paused') {
    throw invalid('/state', 'expected active or paused', state)
  }
  const change = {
    state,
    minShare: shareField(fields, 'min_share'),
    maxShare: shareField(fields, 'max_share'),
  } as const
  if (Object.values(change).every((field) => field === undefined)) {
    throw missing('the change', 'state, min_share or max_share')
  }
  return change
}

function shareField(fields: Fields, name: string): number | null | undefined {
  const value = fields[name]
  if (value === undefined || value === null) return value
  if (typeof value === 'number' && value >= 0 && value <= 1) return value
  throw invalid(`/${name}`, 'expected a share from 0 to 1, or null for the configured one', value)
}
