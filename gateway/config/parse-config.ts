import { dirname } from 'node:path'
import { LineCounter, parseDocument, type YAMLError } from 'yaml'
import type { z } from 'zod'
import type { Config } from './config.ts'
import { crossChecks } from './cross-checks.ts'
import { describeIssue } from './messages.ts'
import { createPositions, type Position, type Positions } from './positions.ts'
import { configSchema } from './schema.ts'
import { toConfig } from './to-config.ts'

export interface ConfigFault extends Position {
  readonly file: string
  /** `endpoints.digits.arms`; '' is the whole file. */
  readonly path: string
  /** What is wrong and how to mend it. */
  readonly message: string
}

export type ConfigResult = { readonly config: Config } | { readonly faults: readonly ConfigFault[] }

/** The configuration in `text`, or every fault in it at once. Relative paths start from the folder of `file`. */
export function parseConfig(text: string, file: string): ConfigResult {
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false })
  const positions = createPositions(document, lines)
  const syntax = [...document.errors, ...document.warnings]
  const faults = syntax.map((error) => toSyntaxFault(error, file, positions))

  // Under a key given twice the rest still means something; after any other slip it may not.
  if (syntax.some((error) => error.code !== 'DUPLICATE_KEY')) return { faults }

  const raw: unknown = document.toJS()
  const shape = configSchema.safeParse(raw, { error: describeIssue })
  for (const issue of shape.error?.issues ?? []) faults.push(...toShapeFaults(issue, file, positions))
  for (const { path, message, atKey = false } of crossChecks(raw)) {
    const position = atKey ? positions.key(path) : positions.value(path)
    faults.push({ file, ...position, path: path.join('.'), message })
  }
  if (!shape.success || faults.length > 0) return { faults: faults.toSorted(byPosition) }
  return { config: deepFreeze(toConfig(shape.data, dirname(file))) }
}

/** `bandit.yaml:3:5 models.network: what is wrong and how to mend it` */
export function formatFault({ file, line, column, path, message }: ConfigFault): string {
  return `${file}:${line}:${column}${path === '' ? '' : ` ${path}`}: ${message}`
}

function toSyntaxFault(error: YAMLError, file: string, positions: Positions): ConfigFault {
  const message =
    error.code === 'DUPLICATE_KEY' ? 'this key is there twice: take one of them out' : error.message
  return { file, ...positions.offset(error.pos[0]), path: '', message }
}

function toShapeFaults(issue: z.core.$ZodIssue, file: string, positions: Positions): ConfigFault[] {
  if (issue.code !== 'unrecognized_keys') {
    const path = issue.path.join('.')
    return [{ file, ...positions.value(issue.path), path, message: issue.message }]
  }
  const messages = issue.message.split('\n')
  return issue.keys.map((key, index) => {
    const path = [...issue.path, key]
    return { file, ...positions.key(path), path: path.join('.'), message: messages[index]! }
  })
}

function byPosition(a: ConfigFault, b: ConfigFault): number {
  return a.line - b.line || a.column - b.column
}

function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value)
    Object.values(value).forEach(deepFreeze)
  }
  return value
}
