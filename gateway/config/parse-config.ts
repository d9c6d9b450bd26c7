import { dirname } from 'node:path'
import type { Config } from './config.ts'
import { crossChecks } from './cross-checks.ts'
import { describeIssue } from './reading/messages.ts'
import { byPosition, type ConfigFault, readYaml, toShapeFaults } from './reading/read-yaml.ts'
import { configSchema } from './schema.ts'
import { toConfig } from './to-config.ts'

export type ConfigResult = { readonly config: Config } | { readonly faults: readonly ConfigFault[] }

/** The configuration in `text`, or every fault in it at once. Relative paths start from the folder of `file`. */
export function parseConfig(text: string, file: string): ConfigResult {
  const { raw, positions, faults: slips } = readYaml(text, file)
  if (raw === undefined) return { faults: slips }

  const faults = [...slips]
  const shape = configSchema.safeParse(raw, { error: describeIssue })
  for (const issue of shape.error?.issues ?? []) faults.push(...toShapeFaults(issue, file, positions))
  for (const { path, message, atKey = false } of crossChecks(raw)) {
    const position = atKey ? positions.key(path) : positions.value(path)
    faults.push({ file, ...position, path: path.join('.'), message })
  }
  if (!shape.success || faults.length > 0) return { faults: eachOnce(faults).toSorted(byPosition) }
  return { config: deepFreeze(toConfig(shape.data, dirname(file))) }
}

/** Two bounds that are broken at once say the same. */
function eachOnce(faults: readonly ConfigFault[]): readonly ConfigFault[] {
  return [...new Map(faults.map((fault) => [formatFault(fault), fault])).values()]
}

/** `bandit.yaml:3:5 models.network: what is wrong and how to mend it` */
export function formatFault({ file, line, column, path, message }: ConfigFault): string {
  return `${file}:${line}:${column}${path === '' ? '' : ` ${path}`}: ${message}`
}

function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value)
    Object.values(value).forEach(deepFreeze)
  }
  return value
}
