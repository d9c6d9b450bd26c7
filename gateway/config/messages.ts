import type { z } from 'zod'
import { nearest } from './nearest.ts'

/** What is wrong and how to mend it; one line a key for keys that are not known. */
export function describeIssue(issue: z.core.$ZodRawIssue): string | undefined {
  switch (issue.code) {
    case 'invalid_type':
      return `expected ${words[issue.expected] ?? issue.expected}, ${found(issue.input)}`
    case 'invalid_value':
      return `expected ${issue.values.join(', ')}, ${found(issue.input)}${suggestion(issue)}`
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
  if (input === null) return 'found nothing after the colon'
  if (Array.isArray(input)) return `found a list of ${input.length}`
  return typeof input === 'object' ? 'found keys and values' : `found ${JSON.stringify(input)}`
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
  const definition = inst?._zod.def as { readonly shape?: object } | undefined
  return Object.keys(definition?.shape ?? {})
}
