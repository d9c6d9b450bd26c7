import { expect, test } from 'vitest'
import { posteriorWeights } from '../../../../gateway/upstream/ensemble/posterior-weights.ts'

const score = (count: number, sum: number) => ({ count, sum })

test('members weigh −ln of their expected error, all alike before the first label', () => {
  let scores = new Map<string, { count: number; sum: number }>()
  const weights = posteriorWeights(['good', 'poor', 'new'], () => scores)
  expect(weights()).toEqual([Math.LN2, Math.LN2, Math.LN2])
  scores = new Map([
    ['model:good', score(98, 94)],
    ['model:poor', score(98, 49)],
    ['arm:new', score(98, 98)],
  ])
  expect(weights()).toEqual([Math.log(100 / 5), Math.log(100 / 50), Math.LN2])
  expect(weights()).toBe(weights())
})

test('a member that is always wrong still weighs more than nothing', () => {
  const weights = posteriorWeights(['bad'], () => new Map([['model:bad', score(1000, 0)]]))
  expect(weights()[0]).toBeGreaterThan(0)
  expect(weights()[0]).toBeLessThan(0.001)
})
