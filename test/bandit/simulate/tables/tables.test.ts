import { describe, expect, test } from 'vitest'
import { tables } from '../../../../bandit/simulate/tables/by-name.ts'
import { runTable } from '../../../../bandit/simulate/tables/run-table.ts'
import type { Effort } from '../../../../bandit/simulate/tables/table.ts'
import { small } from './small-table.ts'

describe.each(tables)('$name', (table) => {
  test.each<Effort>(['quick', 'full'])('%s: every row asks for what is simulated', (effort) => {
    const { simulations, rows } = table.plan(effort)
    expect(rows.length).toBeGreaterThan(0)
    const asked = rows.map((row) =>
      row.measure((name, label) => {
        const { world, contenders, runs, checkpoints } = simulations[name]!
        const found = contenders.find((contender) => contender.label === label)!
        expect(checkpoints.at(-1)).toBeLessThanOrEqual(world.horizon)
        // The regret of nobody: what is asked for must be there, whatever its value.
        const estimate = { mean: 1, error: 1, low: 0, high: 2 }
        const regret = checkpoints.map(() => estimate)
        const search = { decisions: estimate, wrong: estimate }
        const lengths = Float64Array.of(1, 2)
        return { contender: found, runs, checkpoints, regret, regrets: [], shares: [], search, lengths }
      }),
    )
    for (const { value } of asked) expect(Number.isFinite(value)).toBe(true)
    expect(new Set(rows.map(({ label }) => label)).size).toBe(rows.length)
  })
})

test('a table passes when all of its rows are within', async () => {
  const played: number[] = []
  let clock = 0
  const now = () => (clock += 500)
  const onProgress = (done: number, total: number) => played.push(done / total)
  const right = await runTable(small(10, 10.05), { effort: 'quick', cores: 1, now, onProgress })
  expect(right.rows.map(({ verdict }) => verdict)).toEqual(['within', 'within'])
  expect(right).toMatchObject({ passed: true, seeds: [1], seconds: 0.5, note: 'all of it is known' })
  expect(played.at(-1)).toBe(1)
  const wrong = await runTable(small(10, 11), { effort: 'full', cores: 1, now })
  expect(wrong.rows.map(({ verdict }) => verdict)).toEqual(['within', 'outside'])
  expect(wrong.passed).toBe(false)
})
