import { expect, test } from 'vitest'
import { bar, range } from '../../../../cli/demo/display/bar.ts'

test.each([
  [0, ''],
  [0.5, '████'],
  [0.5 + 1 / 64, '████▏'],
  [1, '████████'],
  [1.2, '████████'],
  [-1, ''],
  [Number.NaN, ''],
])('a bar of %d', (fraction, expected) => {
  expect(bar(fraction, 8)).toBe(expected)
})

test.each([
  [0.2, 0.45, 0.7, '  ──●───  '],
  [0, 0, 0, '●         '],
  [0.99, 1, 1, '         ●'],
  [Number.NaN, Number.NaN, Number.NaN, '          '],
])('a range from %d over %d to %d', (low, middle, high, expected) => {
  expect(range(low, middle, high, 10)).toBe(expected)
})
