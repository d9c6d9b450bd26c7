import { LineCounter, parseDocument, type YAMLError } from 'yaml'
import type { z } from 'zod'
import { describeIssue } from '../../gateway/config/messages.ts'
import { type ConfigFault, formatFault } from '../../gateway/config/parse-config.ts'
import { createPositions, type Positions } from '../../gateway/config/positions.ts'
import type { Scenario } from './scenario.ts'
import { scenarioSchema } from './schema.ts'
import { toScenario } from './to-scenario.ts'

/** The file does not say what to simulate; the message has a line for each fault: `file:line:column path: what`. */
export class ScenarioFault extends Error {
  readonly code = 'scenario_fault'
  readonly exitCode = 2
  constructor(faults: readonly ConfigFault[]) {
    const lines = faults.toSorted((a, b) => a.line - b.line || a.column - b.column).map(formatFault)
    super(`this scenario cannot be played\n${lines.join('\n')}`)
    this.name = 'ScenarioFault'
  }
}

/** The scenario in `text`; throws a ScenarioFault with every fault in it. */
export function parseScenario(text: string, file: string): Scenario {
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false })
  const positions = createPositions(document, lines)
  const syntax = [...document.errors, ...document.warnings]
  if (syntax.length > 0) {
    throw new ScenarioFault(syntax.map((error) => toSyntaxFault(error, file, positions)))
  }
  const shape = scenarioSchema.safeParse(document.toJS() ?? {}, { error: describeIssue })
  if (shape.success) return toScenario(shape.data, file)
  throw new ScenarioFault(shape.error.issues.flatMap((issue) => toFaults(issue, file, positions)))
}

function toSyntaxFault({ pos, message }: YAMLError, file: string, positions: Positions): ConfigFault {
  return { file, ...positions.offset(pos[0]), path: '', message }
}

/** One fault, but one a key for keys that are not known. */
function toFaults(issue: z.core.$ZodIssue, file: string, positions: Positions): ConfigFault[] {
  if (issue.code !== 'unrecognized_keys') {
    const { path, message } = issue
    return [{ file, ...positions.value(path), path: path.join('.'), message }]
  }
  const messages = issue.message.split('\n')
  return issue.keys.map((key, index) => {
    const path = [...issue.path, key]
    return { file, ...positions.key(path), path: path.join('.'), message: messages[index]! }
  })
}
