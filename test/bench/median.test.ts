import { expect, test } from 'vitest'
import { median } from '../../bench/median.ts'

test('is the one in the middle, or the mean of the two', () => {
  expect(median([5])).toBe(5)
  expect(median([10, 9, 1])).toBe(9)
  expect(median([4, 1, 3, 2])).toBe(2.5)
  expect(median([])).toBeNaN()
})
