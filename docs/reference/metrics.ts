import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Registry, collectDefaultMetrics } from 'prom-client'
import { parse } from 'yaml'
import { dashboards } from '../../dashboards/src/dashboards.ts'
import { createMetrics } from '../../gateway/telemetry/metrics/metrics.ts'

interface Declared {
  readonly name: string
  readonly help: string
  readonly type: string
  readonly labelNames: readonly string[]
}

interface Rule {
  readonly record?: string
  readonly alert?: string
  readonly expr: string
}

/** What somebody looks at, and the expressions behind it. */
interface Shown {
  readonly name: string
  readonly exprs: readonly string[]
}

/** Every metric of the gateway, with where it is shown, as tables of Markdown. */
export function metricsReference(): string {
  const usual = new Set(
    metricsOf((register) => collectDefaultMetrics({ register, prefix: 'bandit_' })).map(({ name }) => name),
  )
  const declared = metricsOf((registry) => createMetrics({ registry, version: '' }))
  const shown = [...panels(), ...alerts()]
  const ours = declared.filter(({ name }) => !usual.has(name))
  const theirs = declared.filter(({ name }) => usual.has(name))
  return `## Of the gateway

| metric | type | labels | what | shown |
|---|---|---|---|---|
${ours.map((metric) => lineOf(metric, shown)).join('')}
## Of the process

The usual ones of Node, as prom-client has them, so that dashboards made for Node show them.

| metric | type | labels | what | shown |
|---|---|---|---|---|
${theirs.map((metric) => lineOf(metric, shown)).join('')}`
}

function metricsOf(fill: (registry: Registry) => void): readonly Declared[] {
  const registry = new Registry()
  fill(registry)
  return registry.getMetricsAsArray() as unknown as Declared[]
}

function lineOf({ name, help, type, labelNames }: Declared, shown: readonly Shown[]): string {
  const asked = new RegExp(String.raw`\b${name}(_bucket|_sum|_count)?\b`)
  const where = shown.filter(({ exprs }) => exprs.some((expr) => asked.test(expr)))
  const cells = [
    `\`${name}\``,
    type,
    labelNames.join(', '),
    help.replace(/\.$/, ''),
    where.map((each) => each.name).join(', '),
  ]
  return `| ${cells.join(' | ')} |\n`
}

function panels(): readonly Shown[] {
  return dashboards.flatMap(({ rows }) =>
    rows.flatMap((row) =>
      row.panels.map(({ title, queries }) => ({
        name: `*${title.replace('$', '')}*`,
        exprs: queries.map(({ expr }) => withRecorded(expr)),
      })),
    ),
  )
}

function alerts(): readonly Shown[] {
  return rulesIn('alerts.yml').map(({ alert, expr }) => ({
    name: `[${alert!}](../dashboards/RUNBOOK.md#${alert!.toLowerCase()})`,
    exprs: [withRecorded(expr)],
  }))
}

const recorded = rulesIn('recording-rules.yml')

/** With what the recording rules in it are made of. */
function withRecorded(expr: string): string {
  return [expr, ...recorded.filter(({ record }) => expr.includes(record!)).map((rule) => rule.expr)].join(
    '\n',
  )
}

function rulesIn(name: string): readonly Rule[] {
  const text = readFileSync(join(import.meta.dirname, '../../dashboards/prometheus', name), 'utf8')
  const { groups } = parse(text) as { groups: { rules: Rule[] }[] }
  return groups.flatMap(({ rules }) => rules)
}
