import { describe, expect, test } from 'vitest'
import { checkGoals } from '../../bench/goals.ts'
import type { PredictionFigures } from '../../bench/predictions.ts'
import { toReport } from '../../bench/report.ts'
import type { Results } from '../../bench/results.ts'

const row = (
  contender: PredictionFigures['contender'],
  connections: number,
  ratio: number,
  p50Us: number,
) => ({
  contender,
  connections,
  perSecond: 1_000 * ratio,
  range: [900 * ratio, 1_100 * ratio] as const,
  p50Us,
  p99Us: 2 * p50Us,
  ratio,
})
const tree = { name: 'tree', file: 'tree.onnx', callUs: 10 }
const boosting = { name: 'boosting', file: 'boosting.onnx', callUs: 70 }

const results: Results = {
  date: '2026-01-02',
  machine: ['2 × some processor, 8 GiB, Linux 6', 'Node 26'],
  load: 'wrk 4',
  rounds: 5,
  seconds: 3,
  models: [tree, boosting],
  predictions: [
    {
      model: tree,
      figures: [
        row('model worker', 1, 0.9, 100),
        row('gateway, signed ledger', 1, 0.6, 260),
        row('gateway, signed ledger', 16, 0.8, 900),
        row('gateway, signed ledger', 64, 0.99, 900),
      ],
    },
    { model: boosting, figures: [row('gateway, signed ledger', 64, 1.31, 900)] },
  ],
  feedback: [{ store: 'SQLite', singlePerSecond: 4_999, linesPerSecond: 20_000 }],
  decisions: [{ arms: 100, decisionUs: 1.01, distributionUs: 900 }],
  contextual: [{ policy: 'lin-ucb', arms: 10, dimension: 32, decisionUs: 12.3 }],
  left: ['anything with Redis'],
}

describe('checkGoals', () => {
  test('holds each figure to its goal, and asks a slow model for more than a quick one', () => {
    const held = checkGoals(results).map(({ what, met }) => [what, met])
    expect(held).toEqual([
      ['gateway, signed ledger at 64 connections, tree', false],
      ['gateway, signed ledger at 16 connections, tree', true],
      ["median latency added to the worker's own, tree", false],
      ['gateway, signed ledger at 64 connections, boosting', true],
      ['feedback one by one, SQLite', false],
      ['feedback in NDJSON batches, SQLite', true],
      ['decision among 100 arms', false],
      ['distribution of 100 Thompson arms', true],
      ['lin-ucb decision among 10 arms by 32 numbers', true],
    ])
  })
})

describe('toReport', () => {
  const lines = toReport(results).split('\n')
  test('says on what, how and with what it was measured', () => {
    const text = lines.join('\n')
    for (const fact of [
      'some processor',
      'wrk 4',
      '--rounds 5 --seconds 3',
      '2026-01-02',
      'anything with Redis',
    ]) {
      expect(text).toContain(fact)
    }
  })
  test('gives each measurement a row', () => {
    const cells = lines
      .filter((line) => line.startsWith('| 16'))
      .map((line) => line.split('|').map((x) => x.trim()))
    expect(cells).toEqual([
      ['', '16', 'gateway, signed ledger', '800', '720 – 880', '0.900', '1.800', '0.80', ''],
    ])
  })
})
