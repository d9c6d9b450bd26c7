import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseSync, Visitor } from 'oxc-parser'

export interface FoundRegex {
  /** File and line. */
  readonly where: string
  readonly pattern: string
  readonly flags: string
  /** Put together at run time: `pattern` is the code that does so. */
  readonly isMade: boolean
}

const root = join(import.meta.dirname, '..', '..')

/** Every regular expression in the code that runs in production, as the parser of the language sees them. */
export function findRegexes(): readonly FoundRegex[] {
  return globSync('{bandit,cli,gateway,model-workers}/**/*.{ts,js}', { cwd: root })
    .sort()
    .flatMap((file) => inFile(file, readFileSync(join(root, file), 'utf8')))
}

function inFile(file: string, text: string): readonly FoundRegex[] {
  const found: FoundRegex[] = []
  const at = (offset: number): string => `${file}:${text.slice(0, offset).split('\n').length}`
  const made = ({ callee, start, end }: { callee: object; start: number; end: number }): void => {
    if (!('name' in callee) || callee.name !== 'RegExp') return
    found.push({ where: at(start), pattern: text.slice(start, end), flags: '', isMade: true })
  }
  const visitor = new Visitor({
    Literal(node) {
      if (!('regex' in node)) return
      found.push({ where: at(node.start), ...node.regex, isMade: false })
    },
    NewExpression: made,
    CallExpression: made,
  })
  visitor.visit(parseSync(file, text).program)
  return found
}
