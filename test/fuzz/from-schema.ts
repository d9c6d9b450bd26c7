import fc from 'fast-check'
import { hostileNames, hostileValue, mostly } from './hostile.ts'

/** As much of JSON Schema as zod writes. */
interface Schema {
  readonly $ref?: string
  readonly type?: string | readonly string[]
  readonly anyOf?: readonly Schema[]
  readonly enum?: readonly unknown[]
  readonly const?: unknown
  readonly properties?: Readonly<Record<string, Schema>>
  readonly required?: readonly string[]
  readonly additionalProperties?: Schema | boolean
  readonly items?: Schema
  readonly format?: string
  readonly minLength?: number
  readonly maxLength?: number
  readonly minimum?: number
  readonly maximum?: number
}

export interface Sources {
  readonly schemas: Readonly<Record<string, object>>
  /** What a field of this name holds, where its schema says too little. */
  readonly hints: Readonly<Record<string, fc.Arbitrary<unknown>>>
}

const instants = ['2026-01-31T12:00:00Z', '1970-01-01T00:00:00+01:00', '9999-12-31T23:59:59Z', '2026-13-01']

/** Values that a schema takes, with hostile ones in all places now and then. */
export function fromSchema(given: object, sources: Sources): fc.Arbitrary<unknown> {
  const schema = given as Schema
  const { $ref, anyOf, type } = schema
  if ($ref !== undefined) return fromSchema(sources.schemas[$ref.slice($ref.lastIndexOf('/') + 1)]!, sources)
  if (anyOf !== undefined) return fc.oneof(...anyOf.map((each) => fromSchema(each, sources)))
  if (schema.enum !== undefined) return mostly(fc.constantFrom(...schema.enum))
  if (schema.const !== undefined) return mostly(fc.constant(schema.const))
  if (Array.isArray(type))
    return fc.oneof(...type.map((each: string) => fromSchema({ ...schema, type: each }, sources)))
  switch (type) {
    case 'object':
      return fromObject(schema, sources)
    case 'array':
      return mostly(fc.array(fromSchema(schema.items ?? {}, sources), { maxLength: 5 }))
    case 'string':
      return fromText(schema)
    case 'integer':
      return mostly(fc.integer({ min: schema.minimum ?? -5, max: schema.maximum ?? 1000 }))
    case 'number':
      return mostly(fc.double({ min: schema.minimum ?? -10, max: schema.maximum ?? 10, noNaN: true }))
    case 'boolean':
      return mostly(fc.boolean())
    case 'null':
      return fc.constant(null)
    case undefined:
    default:
      return hostileValue
  }
}

function fromText({ format, minLength = 0, maxLength = 40 }: Schema): fc.Arbitrary<unknown> {
  if (format === 'date-time') return mostly(fc.constantFrom(...instants))
  return mostly(fc.string({ unit: 'grapheme', minLength, maxLength: Math.min(maxLength, 40) }))
}

function fromObject(schema: Schema, sources: Sources): fc.Arbitrary<unknown> {
  const { properties = {}, required = [], additionalProperties = true } = schema
  const fields = Object.entries(properties).map(([name, each]) => {
    const value = sources.hints[name] ?? fromSchema(each, sources)
    const isThere = required.includes(name) ? fc.integer({ min: 0, max: 30 }).map((n) => n > 0) : fc.boolean()
    return fc.tuple(fc.constant(name), value, isThere)
  })
  const other =
    typeof additionalProperties === 'object' ? fromSchema(additionalProperties, sources) : hostileValue
  const name = fc.oneof(fc.constantFrom<string>(...hostileNames), fc.string({ maxLength: 8 }))
  // An object of any fields should have some; one with fields of its own, only seldom more.
  const free = fc.array(fc.tuple(name, other), { maxLength: 3 })
  const extra =
    fields.length === 0
      ? free
      : fc.oneof({ weight: 20, arbitrary: fc.constant([]) }, { weight: 1, arbitrary: free })
  return mostly(
    fc
      .tuple(fc.tuple(...fields), extra)
      .map(([known, more]) =>
        Object.fromEntries([
          ...known.flatMap(([key, value, isThere]) => (isThere ? [[key, value] as const] : [])),
          ...more,
        ]),
      ),
    30,
  )
}
