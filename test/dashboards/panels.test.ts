import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { toRows } from '../../dashboards/panels/to-rows.ts'
import { dashboards } from '../../dashboards/src/dashboards.ts'
import { folder } from '../fixtures/dashboards.ts'

const told = readFileSync(join(folder, 'PANELS.md'), 'utf8')

test('every query of every panel is in the table, in order, and none was without an answer', async () => {
  for (const dashboard of dashboards) {
    const rows = await toRows(dashboard, { query: async () => [] })
    const [, section = ''] = told.split(`## ${dashboard.title}\n`)
    const lines = section
      .split('\n## ')[0]!
      .split('\n')
      .filter((line) => /^\| .* \| `/.test(line))
    expect(lines.map((line) => line.replaceAll(String.raw`\|`, '|').split(' | `')[0])).toEqual(
      rows.map(({ panel }) => `| ${panel}`),
    )
    for (const [at, { query }] of rows.entries())
      expect(lines[at]!.replaceAll(String.raw`\|`, '|')).toContain(`\`${query}\``)
  }
  expect(told).not.toContain('MISSING')
})

test('a query without data says why that is well, and one with much of it shows the first', async () => {
  const spec = {
    ...dashboards[0]!,
    rows: [
      {
        title: 'r',
        panels: [
          {
            kind: 'lines' as const,
            title: 'p',
            description: 'd',
            unit: 'percentunit' as const,
            width: 24,
            queries: [
              { legend: '{{arm}}', expr: 'full{e="$endpoint"}' },
              { legend: 'x', expr: 'empty', emptyWhenHealthy: 'all is well' },
              { legend: 'x', expr: 'missing' },
            ],
          },
        ],
      },
    ],
  }
  const samples = ['a', 'b', 'c', 'd'].map((arm, index) => ({ metric: { arm }, value: index / 8 }))
  const query = async (expr: string) => (expr === 'full{e="digits"}' ? samples : [])
  expect(await toRows(spec, { query })).toEqual([
    { panel: 'p', query: 'full{e="$endpoint"}', series: 4, values: 'a 0.00 %, b 12.5 %, c 25.0 %, …' },
    { panel: 'p', query: 'empty', series: 0, values: 'none: all is well' },
    { panel: 'p', query: 'missing', series: 0, values: 'none: MISSING' },
  ])
})
