import type { RuleInput, ValueTestInput } from './rules-schema.ts'
import type { RuleConfig, ValueTest } from './rules.ts'

export function toRules(rules: readonly RuleInput[]): RuleConfig[] {
  return rules.map(({ name, when, arm, arms, endpoint }, at) => ({
    name: name ?? `rule-${at + 1}`,
    when: {
      header: toTests(when.header, (header) => header.toLowerCase()),
      context: toTests(when.context, (feature) => feature),
      key: when.key === undefined ? undefined : toTest(when.key),
    },
    action:
      endpoint === undefined
        ? { kind: 'arms', arms: arm === undefined ? arms! : [arm] }
        : { kind: 'endpoint', endpoint },
  }))
}

type Test = ValueTestInput | NonNullable<ValueTestInput['is']>

function toTests(
  tests: Readonly<Record<string, Test>> | undefined,
  toName: (name: string) => string,
): Record<string, ValueTest> {
  const entries = Object.entries(tests ?? {})
  return Object.fromEntries(entries.map(([name, test]) => [toName(name), toTest(test)]))
}

function toTest(test: Test): ValueTest {
  if (typeof test !== 'object' || Array.isArray(test)) return { is: [test].flat() }
  const { is, prefix, at_least: low = -Infinity, below: high = Infinity, percent } = test
  const isRange = low !== -Infinity || high !== Infinity
  return {
    ...(is !== undefined && { is: [is].flat() }),
    ...(prefix !== undefined && { prefix: [prefix].flat() }),
    ...(isRange && { range: { low, high } }),
    ...(percent !== undefined && { share: percent / 100 }),
  }
}
