import { configJsonSchema } from '../../gateway/config/json-schema.ts'

/** As much of a JSON Schema as the configuration has. */
interface Schema {
  readonly title?: string
  readonly description?: string
  readonly default?: unknown
  readonly type?: string | readonly string[]
  readonly enum?: readonly (string | number | boolean)[]
  readonly const?: string | number | boolean
  readonly pattern?: string
  readonly format?: string
  readonly minimum?: number
  readonly maximum?: number
  readonly exclusiveMinimum?: number
  readonly exclusiveMaximum?: number
  readonly properties?: Readonly<Record<string, Schema>>
  readonly required?: readonly string[]
  readonly additionalProperties?: Schema | boolean
  readonly items?: Schema
  readonly prefixItems?: readonly Schema[]
  readonly anyOf?: readonly Schema[]
  readonly oneOf?: readonly Schema[]
}

interface Row {
  /** Parts of the path from the root of the file. */
  readonly path: readonly string[]
  readonly value: string
  readonly byDefault: string
  readonly description: string
}

/** Headings of their own, in the order of the document; what is deeper stands with the nearest above it. */
const sections = [
  [],
  ['auth'],
  ['checkpoint'],
  ['models', '<model>'],
  ['endpoints', '<endpoint>'],
  ['endpoints', '<endpoint>', 'arms', '<arm>'],
  ['endpoints', '<endpoint>', 'guardrails'],
  ['endpoints', '<endpoint>', 'policy'],
  ['endpoints', '<endpoint>', 'reward'],
  ['endpoints', '<endpoint>', 'context'],
  ['endpoints', '<endpoint>', 'features'],
  ['endpoints', '<endpoint>', 'preprocess'],
  ['endpoints', '<endpoint>', 'postprocess[]'],
  ['endpoints', '<endpoint>', 'drift'],
  ['endpoints', '<endpoint>', 'rules[]'],
  ['endpoints', '<endpoint>', 'shadow[]'],
  ['decision_log'],
  ['events'],
] as const satisfies readonly (readonly string[])[]

/** What stands in for the names that the file gives. */
const names: Readonly<Record<string, string>> = { models: '<model>', endpoints: '<endpoint>', arms: '<arm>' }

/** Every key of the file, as tables of Markdown. */
export function configurationReference(): string {
  const rows = [...rowsOf(configJsonSchema(), [])]
  const tables = sections.map((section) => {
    const own = rows.filter(({ path }) => nearestOf(path) === section)
    const heading = section.length === 0 ? 'The file' : `\`${section.join('.')}\``
    return `## ${heading}\n\n| key | value | default | meaning |\n|---|---|---|---|\n${own.map((row) => lineOf(row, section)).join('')}`
  })
  return tables.join('\n')
}

function nearestOf(path: readonly string[]): readonly string[] {
  const holding = sections.filter(
    (section) => section.length < path.length && section.every((part, at) => path[at] === part),
  )
  return holding.toSorted((a, b) => b.length - a.length)[0]!
}

function* rowsOf(schema: Schema, path: readonly string[]): Generator<Row> {
  const { properties = {}, required = [], additionalProperties, items } = schema
  for (const [key, value] of Object.entries(properties)) {
    const isList = shapeOf(value).items !== undefined && hasKeys(shapeOf(value).items!)
    const own = [...path, isList ? `${key}[]` : key]
    yield {
      path: own,
      value: kindOf(value),
      byDefault: required.includes(key) ? '**required**' : defaultOf(value),
      description: value.description ?? '',
    }
    yield* rowsOf(shapeOf(value), own)
  }
  if (typeof additionalProperties === 'object' && hasKeys(additionalProperties)) {
    const name = names[path.at(-1) ?? ''] ?? '<name>'
    for (const shape of shapesOf(additionalProperties)) yield* rowsOf(shape, [...path, name])
  }
  if (items !== undefined && hasKeys(items)) yield* rowsOf(items, path)
}

/** Of what may be said in short too, the whole. */
function shapeOf(schema: Schema): Schema {
  const whole = shapesOf(schema).find(hasKeys)
  return whole ?? schema
}

function shapesOf({ anyOf, oneOf, ...schema }: Schema): readonly Schema[] {
  return anyOf ?? oneOf ?? [schema]
}

function hasKeys(schema: Schema): boolean {
  return shapesOf(schema).some(
    ({ properties, additionalProperties, items }) =>
      properties !== undefined ||
      (typeof additionalProperties === 'object' && hasKeys(additionalProperties)) ||
      (items !== undefined && hasKeys(items)),
  )
}

function lineOf({ path, value, byDefault, description }: Row, section: readonly string[]): string {
  const key = path.slice(section.length).join('.')
  const cells = [`\`${key}\``, value, byDefault, description].map((cell) =>
    cell.replaceAll('|', String.raw`\|`),
  )
  return `| ${cells.join(' | ')} |\n`
}

function defaultOf({ default: value }: Schema): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  return ['', '{}', '[]', undefined].includes(text) ? '–' : `\`${text}\``
}

/** In words: `1ms to 10m`, `a` or `b`, a number from 0 to 1, a list of texts. */
function kindOf(schema: Schema): string {
  const {
    title,
    const: only,
    enum: some,
    type,
    items,
    prefixItems,
    additionalProperties,
    properties,
  } = schema
  if (title !== undefined) return title
  if (only !== undefined) return `\`${only}\``
  if (some !== undefined) return some.map((each) => `\`${each}\``).join(', ')
  const kinds = [...new Set((schema.anyOf ?? schema.oneOf ?? []).map(kindOf))]
  if (kinds.length > 0) return kinds.join(', or ')
  if (properties !== undefined) return type === 'object' ? 'keys' : 'keys, or `off`'
  if (prefixItems !== undefined) return `[${prefixItems.map(kindOf).join(', ')}]`
  if (items !== undefined) return `list of ${kindOf(items)}`
  if (typeof additionalProperties === 'object') return `names, each with ${kindOf(additionalProperties)}`
  if (type === 'number' || type === 'integer') return numberOf(schema)
  if (type === 'boolean') return '`true`, `false`'
  const words = [type ?? []].flat().map((each) => (each === 'string' ? 'text' : each))
  if (words.length === 0) return 'any value'
  return schema.format === 'uri' ? 'address' : words.join(', ')
}

function numberOf({ type, minimum, maximum, exclusiveMinimum, exclusiveMaximum }: Schema): string {
  const kind = type === 'integer' ? 'whole number' : 'number'
  const least = minimum !== undefined && minimum > Number.MIN_SAFE_INTEGER ? `from ${minimum}` : undefined
  const above = exclusiveMinimum !== undefined ? `above ${exclusiveMinimum}` : undefined
  const most = maximum !== undefined && maximum < Number.MAX_SAFE_INTEGER ? `to ${maximum}` : undefined
  const below = exclusiveMaximum !== undefined ? `below ${exclusiveMaximum}` : undefined
  return [kind, least ?? above, most ?? below].filter((part) => part !== undefined).join(' ')
}
