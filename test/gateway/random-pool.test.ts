import { expect, test } from 'vitest'
import { createRandomPool } from '../../gateway/random-pool.ts'

test('gives out every byte of its supply once, in whole pieces', () => {
  let next = 0
  const fetched: number[] = []
  const take = createRandomPool((count) => {
    fetched.push(count)
    return Uint8Array.from({ length: count }, () => next++)
  }, 10)
  const pieces = [4, 4, 4, 6, 12, 1].map((count) => Array.from(take(count)))
  expect(pieces.map((piece) => piece.length)).toEqual([4, 4, 4, 6, 12, 1])
  expect(new Set(pieces.flat()).size).toBe(31)
  expect(fetched).toEqual([10, 10, 12, 10])
})
