import type { RuleInput } from './rules-schema.ts'
import type { RuleConfig } from './rules.ts'

export function toRules(rules: readonly RuleInput[]): RuleConfig[] {
  return rules.map(({ name, when, arm, arms, endpoint }, at) => ({
    name: name ?? `rule-${at + 1}`,
    when: {
      header: listed(when.header, (header) => header.toLowerCase()),
      context: listed(when.context, (feature) => feature),
      key: when.key === undefined ? undefined : [when.key].flat(),
    },
    action:
      endpoint === undefined
        ? { kind: 'arms', arms: arm === undefined ? arms! : [arm] }
        : { kind: 'endpoint', endpoint },
  }))
}

function listed<T>(
  tests: Readonly<Record<string, T | readonly T[]>> | undefined,
  toName: (name: string) => string,
): Record<string, T[]> {
  const entries = Object.entries(tests ?? {})
  return Object.fromEntries(entries.map(([name, values]) => [toName(name), [values].flat() as T[]]))
}
