import { expect, test } from 'vitest'
import { createRetryBudget } from '../../../../gateway/upstream/calls/retry-budget.ts'

const spend = (budget: ReturnType<typeof createRetryBudget>): number => {
  let taken = 0
  while (budget.take()) taken++
  return taken
}

test('three second tries are there from the first, then one for every five calls', () => {
  const budget = createRetryBudget()
  expect(spend(budget)).toBe(3)
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

test('of a model that always fails no more than 1.2 times the calls are made, and 3', () => {
  const budget = createRetryBudget()
  let made = 0
  for (let call = 1; call <= 10_000; call++) {
    budget.called()
    made += budget.take() ? 2 : 1
    expect(made).toBeLessThanOrEqual(1.2 * call + 3)
  }
})

test('what is owed is paid before anything else', () => {
  const budget = createRetryBudget()
  for (let owed = 0; owed < 5; owed++) budget.owe()
  for (let call = 0; call < 10; call++) budget.called()
  expect([budget.saved(), budget.take()]).toEqual([expect.closeTo(0), false])
  for (let call = 0; call < 5; call++) budget.called()
  expect(budget.take()).toBe(true)
})
