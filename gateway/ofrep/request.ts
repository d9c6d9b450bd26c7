import type { Context, ContextSchema } from '../../bandit/index.ts'
import { invalid, isObject, missing, textField, type Fields } from '../http/fields.ts'
import { isFeature, maxKeyLength } from '../predict/request.ts'

/** What an evaluation is for. */
export interface Evaluation {
  /** The targeting key: whom the flag is evaluated for. */
  readonly unit: string | undefined
  /** What can be a feature; evaluation contexts hold all kinds of things, for flags of all kinds. */
  readonly context: Context
}

/** @throws GatewayError missing_field, invalid_field */
export function parseEvaluation(body: unknown): Evaluation {
  if (!isObject(body)) throw invalid('', 'expected an object with context', body)
  const { context } = body
  if (context === undefined) throw missing('context', 'an object, empty or with a targetingKey')
  if (!isObject(context)) throw invalid('/context', 'expected an object', context)
  return { unit: textField(context, 'targetingKey', maxKeyLength), context: featuresIn(context) }
}

function featuresIn(context: Fields): Context {
  const entries = Object.entries(context)
  return Object.fromEntries(
    entries.filter(([name, value]) => name !== 'targetingKey' && isFeature(value)),
  ) as Context
}

/** What of it the endpoint has declared; all of it where it declares nothing. */
export function declaredOf(context: Context, schema: ContextSchema | undefined): Context {
  if (schema === undefined) return context
  const declared = schema.features.filter(({ name }) => Object.hasOwn(context, name))
  return Object.fromEntries(declared.map(({ name }) => [name, context[name]!]))
}
