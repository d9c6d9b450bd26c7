import type { KeyConfig } from './auth-config.ts'
import { apiKeys } from './auth-schema.ts'
import { checkKeys } from './check-keys.ts'
import { describeIssue } from '../reading/messages.ts'
import { byPosition, type ConfigFault, readYaml, toShapeFaults } from '../reading/read-yaml.ts'
import { toKey } from './to-auth.ts'

export type KeysResult = { readonly keys: readonly KeyConfig[] } | { readonly faults: readonly ConfigFault[] }

/** A file of keys, a list as under `auth.keys`; or every fault in it at once. */
export function parseKeys(text: string, file: string, endpoints: readonly string[]): KeysResult {
  const { raw, positions, faults: slips } = readYaml(text, file)
  if (raw === undefined) return { faults: slips }
  const shape = apiKeys.safeParse(raw, { error: describeIssue })
  const issues = shape.error?.issues ?? []
  const faults = [...slips, ...issues.flatMap((issue) => toShapeFaults(issue, file, positions))]
  for (const { path, message } of checkKeys([], raw, endpoints))
    faults.push({ file, ...positions.value(path), path: path.join('.'), message })
  if (!shape.success || faults.length > 0) return { faults: faults.toSorted(byPosition) }
  return { keys: shape.data.map(toKey) }
}
