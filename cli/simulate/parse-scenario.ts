import { describeIssue } from '../../gateway/config/reading/messages.ts'
import { formatFault } from '../../gateway/config/parse-config.ts'
import {
  byPosition,
  type ConfigFault,
  readYaml,
  toShapeFaults,
} from '../../gateway/config/reading/read-yaml.ts'
import type { Scenario } from './scenario.ts'
import { scenarioSchema } from './schema.ts'
import { toScenario } from './to-scenario.ts'

/** The file does not say what to simulate; the message has a line for each fault: `file:line:column path: what`. */
export class ScenarioFault extends Error {
  readonly code = 'scenario_fault'
  readonly exitCode = 2
  constructor(faults: readonly ConfigFault[]) {
    const lines = faults.toSorted(byPosition).map(formatFault)
    super(`this scenario cannot be played\n${lines.join('\n')}`)
    this.name = 'ScenarioFault'
  }
}

/** The scenario in `text`; throws a ScenarioFault with every fault in it. */
export function parseScenario(text: string, file: string): Scenario {
  const { raw, faults, positions } = readYaml(text, file)
  if (faults.length > 0) throw new ScenarioFault(faults)
  const shape = scenarioSchema.safeParse(raw ?? {}, { error: describeIssue })
  if (shape.success) return toScenario(shape.data, file)
  throw new ScenarioFault(shape.error.issues.flatMap((issue) => toShapeFaults(issue, file, positions)))
}
