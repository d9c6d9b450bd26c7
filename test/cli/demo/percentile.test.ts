import { expect, test } from 'vitest'
import { percentile } from '../../../cli/demo/percentile.ts'

test.each([
  [[3, 1, 2], 0.5, 2],
  [[1, 2, 3, 4], 0.5, 2],
  [[1, 2, 3, 4], 1, 4],
  [[1, 2, 3, 4], 0, 1],
  [Array.from({ length: 200 }, (_, at) => at + 1), 0.99, 198],
  [[], 0.5, Number.NaN],
])('of %j the %d quantile is %d', (values, p, expected) => {
  expect(percentile(Float32Array.from(values), p)).toBe(expected)
})
