import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Registry, collectDefaultMetrics } from 'prom-client'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import type { Verdict } from '../../gateway/feedback/feedback.ts'
import { createMetrics } from '../../gateway/telemetry/metrics/metrics.ts'
import { folder, questionsOf, readDashboards, withValues } from '../fixtures/dashboards.ts'
import { groupedBy, isPromQL, selectorsOf } from '../fixtures/promql.ts'

interface Rule {
  readonly record?: string
  readonly alert?: string
  readonly expr: string
}

const rulesIn = (name: string): readonly Rule[] => {
  const { groups } = parse(readFileSync(join(folder, 'prometheus', name), 'utf8')) as {
    groups: { rules: Rule[] }[]
  }
  return groups.flatMap(({ rules }) => rules)
}
const recorded = rulesIn('recording-rules.yml')
const rules = [...recorded, ...rulesIn('alerts.yml')]

const expressions = [
  ...readDashboards().flatMap(questionsOf),
  ...rules.map(({ record, alert, expr }) => ({ at: record ?? alert!, expr })),
].map(({ at, expr }) => ({ at, expr: withValues(expr) }))

interface Declared {
  readonly name: string
  readonly type: string
  readonly labelNames: readonly string[]
}

const metricsOf = (fill: (registry: Registry) => void): readonly Declared[] => {
  const registry = new Registry()
  fill(registry)
  return registry.getMetricsAsArray() as unknown as Declared[]
}
const declared = metricsOf((registry) => createMetrics({ registry, version: '1.2.3' }))

/** What a series of each metric can be picked by: its own labels, and those that a scrape adds. */
const known = (): ReadonlyMap<string, ReadonlySet<string>> => {
  const own = declared.flatMap(({ name, type, labelNames }) =>
    type === 'histogram'
      ? [
          [`${name}_bucket`, [...labelNames, 'le']],
          [`${name}_sum`, labelNames],
          [`${name}_count`, labelNames],
        ]
      : [[name, labelNames]],
  ) as [string, string[]][]
  const made = recorded.map(({ record, expr }) => [record!, groupedBy(expr)] as const)
  return new Map(
    [...own, ...made, ['up', []] as const].map(([name, labels]) => [
      name,
      new Set([...labels, 'job', 'instance']),
    ]),
  )
}

/** Whether feedback of this outcome counted for nothing. The compiler says when one is missing. */
const isRefused = {
  applied: false,
  corrected: false,
  duplicate: false,
  void: false,
  parked: false,
  journalled: false,
  late: true,
  unknown: true,
  forged: true,
  invalid: true,
  beyond_share: true,
  store_unavailable: true,
  internal: true,
} satisfies Record<Verdict['status'], boolean>

test('what is called refused is all that counted for nothing', () => {
  const patterns = expressions.flatMap(({ expr }) =>
    [...expr.matchAll(/bandit_feedback_total\{[^}]*outcome!~"([^"]*)"/g)].map(([, pattern]) => pattern!),
  )
  expect(patterns.length).toBeGreaterThan(2)
  for (const pattern of patterns) {
    const others = new RegExp(`^(?:${pattern})$`)
    for (const [outcome, refused] of Object.entries(isRefused)) {
      expect(others.test(outcome), `${outcome} in ${pattern}`).toBe(!refused)
    }
  }
})

test('every metric of ours is asked for by some panel, mark, rule or alert', () => {
  // Those of the process are the usual ones of Node, for dashboards that know them.
  const usual = new Set(
    metricsOf((register) => collectDefaultMetrics({ register, prefix: 'bandit_' })).map(({ name }) => name),
  )
  expect(usual.size).toBeGreaterThan(10)
  const asked = new Set(
    expressions.flatMap(({ expr }) =>
      selectorsOf(expr).map(({ metric }) => metric.replace(/_(bucket|sum|count)$/, '')),
    ),
  )
  const ours = declared.map(({ name }) => name).filter((name) => !usual.has(name))
  expect(ours.filter((name) => !asked.has(name))).toEqual([])
})

test('the grammar takes what is PromQL and nothing else', () => {
  expect(isPromQL('sum by (arm) (rate(bandit_decisions_total[5m]))')).toBe(true)
  expect(isPromQL('sum by (arm) (rate(bandit_decisions_total[5m])')).toBe(false)
  expect(isPromQL('rat(bandit_decisions_total[5m])')).toBe(false)
  expect(selectorsOf('a{b="c", d!~"e"} / sum(rate(f[5m]))')).toEqual([
    { metric: 'a', labels: ['b', 'd'] },
    { metric: 'f', labels: [] },
  ])
  expect(groupedBy('sum by (a, b) (c)')).toEqual(['a', 'b'])
})

describe('every expression', () => {
  const metrics = known()

  test.each(expressions)('$at', ({ expr }) => {
    expect(expr).not.toContain('$')
    expect(isPromQL(expr)).toBe(true)
    const selectors = selectorsOf(expr)
    expect(selectors.length).toBeGreaterThan(0)
    for (const { metric, labels } of selectors) {
      expect([...metrics.keys()]).toContain(metric)
      for (const label of labels) expect(metrics.get(metric), metric).toContain(label)
    }
    for (const label of groupedBy(expr)) {
      expect(
        selectors.some(({ metric }) => metrics.get(metric)!.has(label)),
        label,
      ).toBe(true)
    }
  })
})
