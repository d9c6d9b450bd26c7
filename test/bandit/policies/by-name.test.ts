import { expect, test } from 'vitest'
import { createPolicy, policies, policyNames } from '../../../bandit/policies/by-name.ts'

test('every name makes the policy of that name', () => {
  expect(Object.keys(policies)).toEqual([...policyNames])
  for (const name of policyNames) expect(createPolicy({ name }).name).toBe(name)
})

test('settings reach the policy', () => {
  const arms = [
    { name: 'a', count: 0, sum: 0, sumOfSquares: 0, importanceSum: 0, successes: 0, pending: 0 },
    { name: 'b', count: 10, sum: 5, sumOfSquares: 5, importanceSum: 0, successes: 5, pending: 0 },
  ]
  const hopeful = createPolicy({ name: 'thompson', prior: { alpha: 9, beta: 1 } }).distribution(arms)
  const wary = createPolicy({ name: 'thompson', prior: { alpha: 1, beta: 9 } }).distribution(arms)
  expect(hopeful[0]).toBeGreaterThan(wary[0]!)
})

test('uniform gives every arm the same, whatever was learned', () => {
  const arms = [0, 5, 10].map((sum) => ({
    name: 'arm',
    count: 10,
    sum,
    sumOfSquares: sum,
    importanceSum: 0,
    successes: sum,
    pending: sum,
  }))
  expect([...createPolicy({ name: 'uniform' }).distribution(arms)]).toEqual([1 / 3, 1 / 3, 1 / 3])
})
