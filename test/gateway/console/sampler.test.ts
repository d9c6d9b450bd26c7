import { expect, test } from 'vitest'
import type { ArmView, EndpointView } from '../../../bandit/index.ts'
import { createSampler } from '../../../gateway/console/sampler.ts'

const viewOf = (arms: readonly (readonly [pulls: number, mean: number])[]): EndpointView => ({
  endpoint: 'shop',
  policy: 'thompson',
  version: 1,
  snapshotAgeMs: 0,
  marksOverdueMs: 0,
  warnings: [],
  expectedRegret: { perDecision: 0 },
  scored: [],
  arms: arms.map(([pulls, mean], index): ArmView => ({
    name: `arm-${index}`,
    mean,
    interval: [0, 1],
    probabilityBest: 1 / 3,
    share: 1 / 3,
    effectiveCount: 0,
    pending: 0,
    pendingByAge: [],
    pulls,
    rewarded: 0,
    voided: 0,
    defaulted: 0,
    writtenOff: 0,
  })),
})

test('counts each pull at the mean believed when it was made, and none from before', () => {
  const sample = createSampler()
  expect(
    sample(
      viewOf([
        [100, 0.5],
        [100, 0.5],
      ]),
      0,
    ).expected,
  ).toEqual({ got: 0, best: 0, uniform: 0 })
  // 10 pulls of an arm worth 0.2, 30 of one worth 0.8.
  const first = sample(
    viewOf([
      [110, 0.2],
      [130, 0.8],
    ]),
    1000,
  )
  expect(first.expected.got).toBeCloseTo(10 * 0.2 + 30 * 0.8)
  expect(first.expected.best).toBeCloseTo(40 * 0.8)
  expect(first.expected.uniform).toBeCloseTo(40 * 0.5)
  // The arms change places: what was counted stays as it was.
  const second = sample(
    viewOf([
      [120, 0.9],
      [130, 0.1],
    ]),
    2000,
  )
  expect(second.expected.got).toBeCloseTo(26 + 9)
  expect(second.expected.best).toBeCloseTo(32 + 9)
  expect(second.expected.uniform).toBeCloseTo(20 + 5)
})

test('a store that lost pulls takes nothing back', () => {
  const sample = createSampler()
  sample(viewOf([[50, 0.5]]), 0)
  expect(sample(viewOf([[3, 0.5]]), 1000).expected.got).toBe(0)
  expect(sample(viewOf([[5, 0.5]]), 2000).expected.got).toBe(1)
})

test('numbers are as long as a screen can show', () => {
  expect(createSampler()(viewOf([[0, 0.123456789]]), 5)).toMatchObject({
    at: 5,
    mean: [0.1235],
    share: [0.3333],
  })
})
