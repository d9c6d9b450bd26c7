import { describe, expect, test } from 'vitest'
import { densityOf, gridOf } from '../../../../gateway/console/browser/density.js'
import type { Posterior } from '../../../../gateway/console/shape.ts'
import { armNow } from './pictures.ts'

const unit = { low: 0, high: 1 }
const fine = Array.from({ length: 20_001 }, (_, at) => at / 20_000)

const area = (x: readonly number[], y: readonly number[]) =>
  x.slice(1).reduce((sum, value, at) => sum + ((value - x[at]!) * (y[at]! + y[at + 1]!)) / 2, 0)

const beta = (alpha: number, b: number): Posterior => ({ kind: 'beta', alpha, beta: b })

test('Beta(2, 3) is 12 x (1 − x)²', () => {
  const grid = [0.1, 0.25, 0.5, 0.9]
  const drawn = densityOf(armNow('a', { posterior: beta(2, 3) }), grid, unit)
  grid.forEach((x, at) => expect(drawn[at]).toBeCloseTo(12 * x * (1 - x) ** 2, 8))
})

test('before any reward every mean is as likely', () => {
  const drawn = densityOf(armNow('a', { posterior: beta(1, 1) }), fine, unit)
  expect(Math.min(...drawn)).toBeCloseTo(1, 8)
  expect(Math.max(...drawn)).toBeCloseTo(1, 8)
})

describe('the area under it is 1', () => {
  test.each([
    ['sharp', beta(90_000, 10_000)],
    ['skew', beta(1.5, 80)],
    ['Student', { kind: 'student-t', location: 0.4, scale: 0.02, degrees: 30 }],
    ['without a name', undefined],
  ] as const)('%s', (_, posterior) => {
    const arm = armNow('a', { mean: 0.5, interval: [0.45, 0.55], ...(posterior && { posterior }) })
    expect(area(fine, densityOf(arm, fine, unit))).toBeCloseTo(1, 3)
  })
})

test('with other bounds it is as wide as the rewards are', () => {
  const bounds = { low: -10, high: 30 }
  const x = fine.map((share) => -10 + 40 * share)
  const drawn = densityOf(armNow('a', { posterior: beta(30, 10) }), x, bounds)
  expect(area(x, drawn)).toBeCloseTo(1, 4)
  expect(x[drawn.indexOf(Math.max(...drawn))]).toBeCloseTo(-10 + (40 * 29) / 38, 1)
})

test('the grid shows every interval and stays within the bounds', () => {
  const grid = gridOf([armNow('a', { interval: [0.01, 0.2] }), armNow('b', { interval: [0.6, 0.7] })], unit)
  expect(grid[0]).toBe(0)
  expect(grid.at(-1)).toBeGreaterThan(0.7)
  expect(grid.at(-1)).toBeLessThan(1)
  const certain = gridOf([armNow('a', { mean: 1, interval: [1, 1] })], unit)
  expect(certain.every((x, at) => at === 0 || x > certain[at - 1]!)).toBe(true)
})
