import { expect, test } from 'vitest'
import { createFailoverBudget } from '../../../gateway/predict/failover-budget.ts'
import { createRetryBudget } from '../../../gateway/upstream/calls/retry-budget.ts'

test('an arm that is left out is told once, with what it did last', () => {
  const told: string[] = []
  const failover = createFailoverBudget(createRetryBudget(), (arm, { message }) =>
    told.push(`${arm}: ${message}`),
  )
  let failures = 0
  while (!failover.failed('both', new Error(`fault ${failures}`))) failures++
  expect(failover.resting()).toEqual(new Set(['both']))
  expect(failover.failed('both', new Error('another'))).toBe(false)
  expect(told).toEqual([`both: fault ${failures}`])
})
