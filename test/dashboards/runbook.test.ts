import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { dashboards } from '../../dashboards/src/dashboards.ts'
import { folder } from '../fixtures/dashboards.ts'

interface Alert {
  readonly alert: string
  readonly labels: { readonly severity: string }
  readonly annotations: Readonly<Record<'summary' | 'description' | 'runbook_url', string>>
}

const { groups } = parse(readFileSync(join(folder, 'prometheus', 'alerts.yml'), 'utf8')) as {
  groups: { rules: Alert[] }[]
}
const alerts = groups.flatMap(({ rules }) => rules)
const runbook = readFileSync(join(folder, 'RUNBOOK.md'), 'utf8')
const [preface, ...paragraphs] = runbook.split(/^## /m)
const sections = new Map(paragraphs.map((text) => [text.slice(0, text.indexOf('\n')), text]))

test('every alert, and nothing else, has its paragraph in the runbook, in the same order', () => {
  expect([...sections.keys()]).toEqual(alerts.map(({ alert }) => alert))
})

test.each(alerts)(
  '$alert says what is wrong, how bad it is, and leads to its paragraph',
  ({ alert, labels, annotations }) => {
    expect(['critical', 'warning']).toContain(labels.severity)
    expect(annotations.summary).toMatch(/\w+ \w+/)
    expect(annotations.description).toMatch(/^[A-Z].*\.$/)
    expect(annotations.runbook_url).toBe(`dashboards/RUNBOOK.md#${alert.toLowerCase()}`)
    expect(sections.get(alert)!.length).toBeGreaterThan(150)
  },
)

test('what the runbook calls a panel, a dashboard or an alert is one', () => {
  const panels = dashboards.flatMap(({ rows }) => rows.flatMap((row) => row.panels.map(({ title }) => title)))
  const names = new Set([...panels, ...dashboards.map(({ title }) => title)])
  const named = [...runbook.slice(preface!.length).matchAll(/\*([^*]+)\*/g)].map(([, name]) =>
    name!.replaceAll(/\s+/g, ' '),
  )
  expect(named.length).toBeGreaterThan(0)
  for (const name of named)
    expect(
      [...names].filter((known) => known.startsWith(name)),
      name,
    ).not.toEqual([])
  for (const [alert] of runbook.matchAll(/Bandit[A-Z]\w+/g)) expect([...sections.keys()]).toContain(alert)
})
