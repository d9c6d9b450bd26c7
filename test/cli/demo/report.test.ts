import { expect, test } from 'vitest'
import { reportLines } from '../../../cli/demo/display/report-lines.ts'
import { plain } from '../../../cli/demo/display/paint.ts'
import { toReport, type RunFacts } from '../../../cli/demo/report.ts'
import { toTotals } from '../../../cli/demo/totals.ts'
import type { EndpointView } from '../../../cli/demo/endpoint-view.ts'
import { Tally } from '../../../cli/demo/tally.ts'
import { demoRun } from '../../fixtures/demo-report.ts'

const run: RunFacts = {
  seed: 1,
  perSecond: 250,
  seconds: 50,
  policy: 'thompson',
  store: 'SQLite',
  gatewayRestarts: 0,
}
const equalTotals = [{ arm: 'day', acknowledged: 5, rewarded: 5 }]

/** Two arms, one right in each phase; `wrong` of 100 requests go to the wrong one. All labels acknowledged. */
const runWith = (wrong: number) => {
  const tally = new Tally(['day', 'night'], 100)
  const day = Uint8Array.from({ length: 100 }, (_, at) => (at < 50 ? 1 : 0))
  const night = day.map((label) => 1 - label)
  for (let index = 0; index < 100; index++) {
    tally.requestSent()
    const right = index >= wrong
    const arm = index < 50 === right ? 'day' : 'night'
    tally.answered(index, { arm, label: right ? 1 : 0, truth: 1, latencyMs: index + 1 })
    tally.acknowledged(index)
  }
  const labels = new Map([
    ['day', day],
    ['night', night],
  ])
  return { tally, oracle: { labels, truth: new Uint8Array(100).fill(1) } }
}

const checksOf = (inputs: Partial<Parameters<typeof toReport>[0]>) => {
  const report = toReport({ run, ...runWith(0), totals: equalTotals, ...inputs })
  return { passed: report.passed, failed: report.checks.filter(({ passed }) => !passed) }
}

test('a run without a flaw passes every check', () => {
  const report = toReport({ run, ...runWith(8), totals: equalTotals })
  expect(report.reward).toEqual({ got: 92, of: 100, alwaysBest: 100, uniform: 50 })
  expect(report.requests).toMatchObject({ sent: 100, answered: 100, failed: 0, p50Ms: 50, p99Ms: 99 })
  expect(report.sameAsModels).toBe(100)
  expect(report.checks.map(({ name }) => name)).toEqual(['requests', 'reward', 'labels', 'totals'])
  expect(report.passed).toBe(true)
})

test('ninety per cent of always best pass, less does not', () => {
  expect(checksOf(runWith(10)).passed).toBe(true)
  expect(checksOf(runWith(11)).failed).toEqual([
    {
      name: 'reward',
      passed: false,
      text: 'only 89.0 % of the reward of always the best arm, 90 % wanted',
    },
  ])
})

test('a failed request and a label that nobody acknowledged fail the run', () => {
  const report = toReport({ run, ...demoRun(), totals: [] })
  expect(report.requests.failures).toEqual({ internal: 1 })
  expect(report.checks.filter(({ passed }) => !passed).map(({ text }) => text)).toEqual([
    '1 of 12 requests failed',
    'only 63.6 % of the reward of always the best arm, 90 % wanted',
    '11 labels were not acknowledged',
  ])
})

test('one reward too many or too few in the store fails the run and is named', () => {
  const totals = [
    { arm: 'day', acknowledged: 5, rewarded: 6 },
    { arm: 'night', acknowledged: 3, rewarded: 2 },
    { arm: 'never', acknowledged: 1, rewarded: 1 },
  ]
  expect(checksOf({ totals }).failed.map(({ text }) => text)).toEqual([
    'the store has not counted every acknowledged label once: day 6 of 5, night 2 of 3',
  ])
})

test('a decision that the gateway could not record owes no label', () => {
  const { tally, oracle } = runWith(0)
  const other = new Tally(['day', 'night'], 1)
  other.requestSent()
  other.answered(0, { arm: 'day', label: 1, truth: 1, latencyMs: 1 })
  other.answeredUnrecorded()
  expect(toReport({ run, tally: other, oracle, totals: [] }).passed).toBe(true)
  expect(tally.requests.unrecorded).toBe(0)
})

test('totals are what the store has counted since the start, arm by arm', () => {
  const { tally } = runWith(0)
  const view = (day: number, night: number): EndpointView => ({
    policy: 'thompson',
    arms: [['night', night] as const, ['day', day] as const].map(([name, rewarded]) => ({
      name,
      state: 'active',
      mean: 0,
      interval: [0, 0],
      probability_best: 0,
      share: 0,
      pending: 0,
      rewarded,
    })),
    expected_regret: { per_decision: 0 },
  })
  expect(toTotals(tally, view(1_000, 7), view(1_050, 57))).toEqual([
    { arm: 'day', acknowledged: 50, rewarded: 50 },
    { arm: 'night', acknowledged: 50, rewarded: 50 },
  ])
})

test('the printed report fits eighty cells, says how each phase went, and marks what failed', () => {
  const lines = reportLines(toReport({ run, ...demoRun(), totals: equalTotals }), plain)
  for (const line of lines) expect(line.length).toBeLessThanOrEqual(80)
  expect(lines).toContain('Clean images: 4 of 6 right (66.7 %)')
  expect(lines).toContain('Dim, noisy images: 3 of 5 right (60.0 %)')
  expect(lines).toContain('always best        11 right of 11  100.0 %  day, then night')
  expect(lines).toContain('✗ 1 of 12 requests failed')
  expect(lines).toContain('✓ the store has counted every acknowledged label once')
})

test('requests that waited for each other are told from a slow gateway', () => {
  const report = toReport({ run, ...demoRun(), totals: equalTotals })
  const machineOf = (p50Ms: number) =>
    reportLines({ ...report, requests: { ...report.requests, p50Ms } }, plain).find((line) =>
      line.startsWith('machine'),
    )
  expect(machineOf(1001)).toMatch(/^machine .*--rate 50 sends fewer$/)
  expect(machineOf(1001)!.length).toBeLessThanOrEqual(80)
  expect(machineOf(1000)).toBeUndefined()
})
