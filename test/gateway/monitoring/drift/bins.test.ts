import { expect, test } from 'vitest'
import { binCount, createSorter, referenceOf } from '../../../../gateway/monitoring/drift/bins.ts'
import { uniformSource } from '../../../bandit/support/random-source.ts'

test('numbers are divided at their deciles', () => {
  const uniform = uniformSource(1)
  const values = Array.from({ length: 1000 }, uniform)
  const { bins, counts } = referenceOf(values)
  expect(counts).toEqual(Array.from({ length: 10 }, () => 100))
  const sort = createSorter(bins)
  expect([-1, 2, Infinity, Number.NaN].map(sort)).toEqual([0, 9, 9, 9])
})

test('numbers that are all the same leave a bin for what is below and one above', () => {
  const { bins, counts } = referenceOf(Array.from({ length: 100 }, () => 0.5))
  expect(bins).toEqual({ kind: 'number', edges: [0.5] })
  expect(counts).toEqual([100, 0])
})

test('whole numbers of few kinds and text are categories, the most frequent first', () => {
  const { bins, counts } = referenceOf([7, 7, 3, 7, 3, 1])
  expect(bins).toEqual({ kind: 'category', categories: ['7', '3', '1'] })
  expect(counts).toEqual([3, 2, 1, 0])
  expect(createSorter(bins)(8)).toBe(3)
  expect(referenceOf(['a', 'b']).bins.kind).toBe('category')
})

test('whole numbers of many kinds are numbers, and text of many kinds shares a bin', () => {
  const many = Array.from({ length: 500 }, (_, index) => index)
  expect(referenceOf(many).bins.kind).toBe('number')
  const { bins, counts } = referenceOf(many.map((index) => `word ${index}`))
  expect(binCount(bins)).toBe(21)
  expect(counts.at(-1)).toBe(480)
})
