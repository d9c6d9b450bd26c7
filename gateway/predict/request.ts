import type { Context } from '../../bandit/index.ts'
import { GatewayError } from '../errors.ts'
import {
  escapePointer,
  invalid,
  isObject,
  missing,
  parseFields,
  textField,
  type Fields,
} from '../http/fields.ts'
import type { Json } from '../http/parse-json.ts'

/** What is asked for, by whom and where, whether or not anything is to be inferred. */
export interface Asking {
  readonly endpoint: string | undefined
  /** The caller's own id of this prediction. */
  readonly id: string | undefined
  /** Whom the prediction is for, in the caller's words: the body's `key`. */
  readonly unit: string | undefined
  /** Features for contextual policies. */
  readonly context: Context | undefined
}

/** The body of a prediction request, checked for all but what depends on the endpoint. */
export interface PredictRequest extends Asking {
  /** By name, as parsed from JSON. */
  readonly inputs: Fields
  /** The same with whole numbers beyond 2^53 as bigints. */
  readonly exactInputs: () => Fields
  /** Whether the same id has to get the same bytes, however long it takes. */
  readonly isExact: boolean
}

export const askingFields = ['endpoint', 'id', 'key', 'context'] as const
const known = new Set(['inputs', ...askingFields, 'exact'])
const maxIdLength = 128
export const maxKeyLength = 256
const maxContextText = 256

/** @throws GatewayError unknown_field, missing_field, invalid_field */
export function parsePredictRequest({ value, exact }: Json): PredictRequest {
  const fields = parseFields(value, known)
  if (fields['inputs'] === undefined) throw missing('inputs', 'an object of inputs by name')
  if (!isObject(fields['inputs']))
    throw invalid('/inputs', 'expected an object of inputs by name', fields['inputs'])
  return {
    inputs: fields['inputs'],
    exactInputs: () => (exact() as { inputs: Fields }).inputs,
    isExact: parseExact(fields),
    ...parseAsking(fields),
  }
}

function parseExact({ exact, id }: Fields): boolean {
  if (exact === undefined || exact === false) return false
  if (exact !== true) throw invalid('/exact', 'expected true or false', exact)
  if (id === undefined) throw missing('id', 'your own id, from which an exact prediction draws its arm')
  return true
}

/** @throws GatewayError invalid_field */
export function parseAsking(fields: Fields): Asking {
  return {
    endpoint: textField(fields, 'endpoint', 64),
    id: textField(fields, 'id', maxIdLength),
    unit: textField(fields, 'key', maxKeyLength),
    context: parseContext(fields['context']),
  }
}

/** Which endpoint is meant by the path and the body together. */
export function chooseEndpoint<T>(
  endpoints: ReadonlyMap<string, T>,
  inPath: string | undefined,
  inBody: string | undefined,
): T {
  if (inPath !== undefined && inBody !== undefined && inPath !== inBody) {
    throw new GatewayError('invalid_field', 'the path names another endpoint: take this field out', {
      pointer: '/endpoint',
    })
  }
  const name = inPath ?? inBody
  if (name === undefined) {
    const [only] = endpoints.values()
    if (endpoints.size === 1 && only !== undefined) return only
    throw missing('endpoint', `one of ${[...endpoints.keys()].join(', ')}, or post to /predict/{endpoint}`)
  }
  const endpoint = endpoints.get(name)
  if (endpoint !== undefined) return endpoint
  throw new GatewayError('unknown_endpoint', 'GET /endpoints lists those there are', {
    ...(inPath === undefined && { pointer: '/endpoint' }),
  })
}

/** Flat, so that what is logged of it stays small. */
function parseContext(context: unknown): Context | undefined {
  if (context === undefined) return undefined
  if (!isObject(context)) throw invalid('/context', 'expected an object of features by name', context)
  for (const [name, value] of Object.entries(context)) {
    if (isFeature(value)) continue
    const pointer = `/context/${escapePointer(name)}`
    throw invalid(pointer, 'expected a number, true, false or short text', value)
  }
  return context as Context
}

export function isFeature(value: unknown): boolean {
  if (typeof value === 'number') return Number.isFinite(value)
  return typeof value === 'boolean' || (typeof value === 'string' && value.length <= maxContextText)
}
