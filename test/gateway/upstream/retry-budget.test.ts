import { expect, test } from 'vitest'
import { createRetryBudget } from '../../../gateway/upstream/retry-budget.ts'

const spend = (budget: ReturnType<typeof createRetryBudget>): number => {
  let taken = 0
  while (budget.take()) taken++
  return taken
}

test('sixteen second tries are there from the first, then one for every five calls', () => {
  const budget = createRetryBudget()
  expect(spend(budget)).toBe(16)
  for (let call = 0; call < 4; call++) budget.called()
  expect(budget.take()).toBe(false)
  for (let call = 0; call < 2; call++) budget.called()
  expect(spend(budget)).toBe(1)
})

test('128 can be saved, so that a whole batch may be tried again', () => {
  const budget = createRetryBudget()
  for (let call = 0; call < 10_000; call++) budget.called()
  expect(spend(budget)).toBe(128)
})

test('of a model that always fails no more than 1.2 times the calls are made, and those saved', () => {
  const budget = createRetryBudget()
  let made = 0
  for (let call = 0; call < 10_000; call++) {
    budget.called()
    made += budget.take() ? 2 : 1
  }
  expect(made).toBeLessThanOrEqual(12_000 + 16)
})
