import { LineCounter, parseDocument, type YAMLError } from 'yaml'
import type { z } from 'zod'
import { createPositions, type Position, type Positions } from './positions.ts'

export interface ConfigFault extends Position {
  readonly file: string
  /** `endpoints.digits.arms`; '' is the whole file. */
  readonly path: string
  /** What is wrong and how to mend it. */
  readonly message: string
}

export interface YamlText {
  /** What the text says, not checked; undefined where its syntax does not let that be told. */
  readonly raw: unknown
  /** Of the syntax. */
  readonly faults: readonly ConfigFault[]
  readonly positions: Positions
}

export function readYaml(text: string, file: string): YamlText {
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false })
  const positions = createPositions(document, lines)
  const syntax = [...document.errors, ...document.warnings]
  const faults = syntax.map((error) => toSyntaxFault(error, file, positions))
  // Under a key given twice the rest still means something; after any other slip it may not.
  const isLegible = syntax.every(({ code }) => code === 'DUPLICATE_KEY')
  if (!isLegible) return { raw: undefined, faults, positions }
  try {
    return { raw: document.toJS(), faults, positions }
  } catch (error) {
    // Aliases of aliases, a few lines that stand for more than any memory holds, and those of what is not there.
    const message = `its aliases cannot be followed (${(error as Error).message}): write out what they stand for`
    return { raw: undefined, faults: [{ file, ...positions.offset(0), path: '', message }], positions }
  }
}

const mends: Partial<Record<YAMLError['code'], string>> = {
  DUPLICATE_KEY: 'this key is there twice: take one of them out',
  MULTIPLE_DOCS: 'a second document begins here: keep one, as they are not put together',
}

function toSyntaxFault(error: YAMLError, file: string, positions: Positions): ConfigFault {
  return {
    file,
    ...positions.offset(error.pos[0]),
    path: '',
    message: mends[error.code] ?? error.message,
  }
}

/** One fault, but one a key for keys that are not known. */
export function toShapeFaults(issue: z.core.$ZodIssue, file: string, positions: Positions): ConfigFault[] {
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

export function byPosition(a: ConfigFault, b: ConfigFault): number {
  return a.line - b.line || a.column - b.column
}
