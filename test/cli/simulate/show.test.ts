import { expect, test } from 'vitest'
import { simulate } from '../../../bandit/simulate/simulate.ts'
import type { ContenderResult } from '../../../bandit/simulate/simulation.ts'
import { contender, world } from '../../bandit/simulate/fixture.ts'
import { plot, regretAt } from '../../../cli/simulate/plot.ts'
import { createProgressBar, progressText } from '../../../cli/simulate/progress.ts'
import { regretLines } from '../../../cli/simulate/regret-lines.ts'
import { tableLines, tablesMarkdown } from '../../../cli/simulate/table-lines.ts'
import { chooseTables } from '../../../cli/simulate/tables.ts'
import { toJson } from '../../../cli/simulate/to-json.ts'
import { toSvg } from '../../../cli/simulate/svg.ts'

const straight = (label: string, slope: number): ContenderResult => {
  const checkpoints = [10, 50, 100]
  return {
    contender: contender('uniform', { label }),
    runs: 1,
    checkpoints,
    regret: checkpoints.map((at) => ({
      mean: slope * at,
      error: Number.NaN,
      low: Number.NaN,
      high: Number.NaN,
    })),
    regrets: [],
    shares: checkpoints.map(() => new Float64Array(5).fill(0.2)),
  }
}
const scenario = { title: 'a < b', world: world(), contenders: [], runs: 1, seed: 1 }

test('regret is read between checkpoints in a straight line', () => {
  expect([1, 10, 30, 100].map((at) => regretAt(straight('a', 0.5), at))).toEqual([0.5, 5, 15, 50])
})

test('a plot has the highest regret at its top and each policy under its mark', () => {
  const lines = plot([straight('steep', 1), straight('flat', 0.25)], { width: 20, height: 4 })
  expect(lines).toEqual([
    '100.0 ┤              ●●●●●●',
    '      ┤         ●●●●●',
    '      ┤    ●●●●●          ▲',
    '    0 ┤●●●●▲▲▲▲▲▲▲▲▲▲▲▲▲▲▲',
    '      └────────────────────',
    '      0       100 decisions',
    '● steep   ▲ flat',
  ])
})

test('an unknown interval is a dash in the table, null in JSON and no gap in the picture', () => {
  const results = [straight('only "one"', 1)]
  expect(regretLines(scenario, results).join('\n')).toContain('–')
  const { results: read } = JSON.parse(toJson(scenario, results)) as {
    results: { checkpoints: { decisions: number; regret: { mean: number; error: null } }[] }[]
  }
  expect(read[0]!.checkpoints.map(({ decisions, regret }) => [decisions, regret.mean, regret.error])).toEqual(
    [
      [10, 10, null],
      [50, 50, null],
      [100, 100, null],
    ],
  )
  const svg = toSvg(scenario.title, results)
  expect(svg).not.toContain('NaN')
  expect(svg).toContain('a &lt; b')
  expect(svg).toContain('only &quot;one&quot;')
  expect(svg.match(/<polyline /g)).toHaveLength(1)
})

test('the table says how arms were drawn', async () => {
  const contenders = [contender('ucb1'), contender('thompson', { sampling: 'posterior' })]
  const played = await simulate(
    { world: world(), contenders, runs: 5, seed: 1, checkpoints: [1, 10, 100] },
    { cores: 1 },
  )
  const text = (results: readonly ContenderResult[]) => regretLines(scenario, results).join('\n')
  expect(text(played)).toContain('Sampling: one draw of each posterior for thompson')
  expect(text(played.slice(0, 1))).toContain('Every arm was drawn from the exact distribution')
  expect(text(played)).toContain('after 10')
})

test('where runs stop, the table says after how many decisions and how often wrongly', () => {
  const estimate = (mean: number) => ({ mean, error: 2, low: 0, high: 0 })
  const results = [{ ...straight('only', 1), search: { decisions: estimate(1234), wrong: estimate(0.05) } }]
  const lines = regretLines(scenario, results)
  const at = lines.indexOf('search for the best arm')
  expect(lines[at + 2]).toMatch(/^only +1,234 +2\.00 +5\.0 %$/)
})

test('progress shows part, rate and time left, on a terminal only and not too often', () => {
  const written: string[] = []
  let now = 0
  const line = { isTTY: true, write: (text: string) => written.push(text) }
  const bar = createProgressBar('besson', line, () => now)
  now = 2_000
  bar.show(1_000_000, 4_000_000)
  now = 2_050
  bar.show(1_100_000, 4_000_000)
  expect(written).toHaveLength(1)
  expect(written[0]).toContain('besson  25 % ███████▌')
  expect(written[0]).toContain('0.50 million decisions/s, 0:06 left')
  bar.clear()
  expect(written).toHaveLength(2)
  const silent = createProgressBar('besson', { write: (text) => written.push(text) }, () => now)
  silent.show(1, 2)
  silent.clear()
  expect(written).toHaveLength(2)
  expect(progressText('x', 0, 0, 10)).toContain('– left')
})

test('a table names paper, reference, ours, tolerance and verdict, as text and as Markdown', () => {
  const report = {
    name: 'besson',
    title: 'five arms',
    source: 'a thesis',
    note: 'two rows of it',
    effort: 'full',
    seeds: [32],
    seconds: 61.4,
    rows: [
      {
        label: 'thompson',
        paper: 49,
        reference: 48.8,
        atMost: false,
        ours: 50.1,
        error: 0.9,
        allowed: 3.6,
        verdict: 'within',
      },
      { label: 'ucb', reference: 79, atMost: true, ours: 90, error: 0.6, allowed: 2.4, verdict: 'outside' },
    ],
    passed: false,
  } as const
  const lines = tableLines(report)
  expect(lines.slice(0, 3)).toEqual(['besson (full): five arms', 'a thesis', 'two rows of it'])
  expect(lines[5]).toMatch(/^thompson +49\.00 +48\.80 +50\.10 +0\.900 +± 3\.60 +within$/)
  expect(lines[6]).toMatch(/^ucb +≤ 79\.00 +90\.00 +0\.600 +± 2\.40 +outside$/)
  expect(lines.at(-1)).toBe('1 of 2 rows within their tolerance: NOT reproduced; 61 s')
  const markdown = tablesMarkdown([report], { date: new Date('2026-01-02T03:04:05Z'), cores: 2 })
  expect(markdown).toContain('2026-01-02, 2 threads')
  expect(markdown).toContain('| besson | 1 of 2 | 32 | 61 |')
  expect(markdown).toContain('five arms. Source: a thesis.\n\ntwo rows of it\n')
  expect(markdown).toContain('| ucb |  | ≤ 79.00 | 90.00 | 0.600 | 2.40 | outside |')
})

const published = [
  'auer',
  'besson',
  'censoring',
  'chapelle-li',
  'delay',
  'digits',
  'identification',
  'klucb',
  'nonstationary',
  'stopping',
  'wheel',
]

test('tables are chosen by name, or all of them at once', () => {
  expect(
    chooseTables('all')
      .map(({ name }) => name)
      .toSorted(),
  ).toEqual(published)
  expect(chooseTables('delay,besson').map(({ name }) => name)).toEqual(['delay', 'besson'])
  expect(() => chooseTables('bessen')).toThrow('there is no table "bessen": take all, or some of besson')
})
