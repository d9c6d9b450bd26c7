import * as z from 'zod'
import { nearest } from './nearest.ts'

/** What is wrong and how to mend it; one line a key for keys that are not known. */
export function describeIssue(issue: z.core.$ZodRawIssue): string | undefined {
  switch (issue.code) {
    case 'invalid_type':
      return `expected ${words[issue.expected] ?? issue.expected}, ${found(issue.input)}`
    case 'invalid_value':
      return `expected ${oneOf(issue.values)}, ${found(issue.input)}${suggestion(issue)}`
    case 'too_small':
      return issue.origin === 'string'
        ? 'expected some text, found none'
        : `expected ${issue.inclusive === false ? 'more than' : 'at least'} ${issue.minimum}${unit(issue.origin)}, ${found(issue.input)}`
    case 'too_big':
      return `expected at most ${issue.maximum}${unit(issue.origin)}, ${found(issue.input)}`
    case 'unrecognized_keys':
      return issue.keys.map((key) => unknownKey(key, knownKeys(issue))).join('\n')
    case 'custom':
    case 'invalid_element':
    case 'invalid_format':
    case 'invalid_key':
    case 'invalid_union':
    case 'not_multiple_of':
      return undefined
  }
}

const words: Readonly<Record<string, string>> = {
  int: 'a whole number',
  number: 'a number',
  string: 'text',
  object: 'keys and values',
  record: 'names and what they stand for',
  array: 'a list',
}

function found(input: unknown): string {
  if (input === undefined) return 'found nothing: add it'
  if (input === null) return 'found nothing here'
  if (Array.isArray(input)) return `found a list of ${input.length}`
  return typeof input === 'object' ? 'found keys and values' : `found ${JSON.stringify(input)}`
}

function oneOf(values: readonly unknown[]): string {
  return new Intl.ListFormat('en', { type: 'disjunction' }).format(values.map(String))
}

function unit(origin: string): string {
  return origin === 'array' ? ' items' : ''
}

function suggestion({
  input,
  values,
}: {
  readonly input?: unknown
  readonly values: readonly unknown[]
}): string {
  const near = typeof input === 'string' ? nearest(input, values.map(String)) : undefined
  return near === undefined ? '' : `: did you mean ${near}?`
}

function unknownKey(key: string, known: readonly string[]): string {
  const near = nearest(key, known)
  const mend = near === undefined ? `known here are ${known.join(', ')}` : `did you mean ${near}?`
  return `there is no setting ${JSON.stringify(key)}: ${mend}`
}

function knownKeys({ inst }: z.core.$ZodRawIssue): string[] {
  if (!(inst instanceof z.ZodObject)) return []
  const settings = Object.entries<unknown>(inst.def.shape)
  return settings.filter(([, setting]) => !isRefused(setting)).map(([key]) => key)
}

/** A key that is in the schema only for the words it is refused with. */
function isRefused(setting: unknown): boolean {
  return setting instanceof z.ZodOptional && setting.def.innerType instanceof z.ZodNever
}
