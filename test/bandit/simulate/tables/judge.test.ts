import { expect, test } from 'vitest'
import { judge } from '../../../../bandit/simulate/tables/judge.ts'
import { ratioOf, type Measured, type Row } from '../../../../bandit/simulate/tables/table.ts'

const find = () => expect.unreachable()
const judged = (measured: Measured, changes: Partial<Row> = {}) =>
  judge({ label: 'row', reference: 100, tolerance: 0.05, measure: () => measured, ...changes }, find)

test.each([
  [{ value: 105, error: 0.1 }, {}, 5, 'within'],
  [{ value: 105.2, error: 0.1 }, {}, 5, 'outside'],
  [{ value: 94.9, error: 0.1 }, {}, 5, 'outside'],
  [{ value: 107, error: 2 }, {}, 8, 'within'],
  [{ value: 119, error: 3 }, { referenceError: 4 }, 20, 'within'],
  [{ value: 60, error: 1 }, { atMost: true }, 5, 'within'],
  [{ value: 106, error: 1 }, { atMost: true }, 5, 'outside'],
  [{ value: -104, error: 0 }, { reference: -100 }, 5, 'within'],
] as const)('%o under %o may be off by %d: %s', (measured, changes, allowed, verdict) => {
  expect(judged(measured, changes)).toMatchObject({ allowed, verdict, ours: measured.value })
})

test('what is not a number is never within', () => {
  expect(judged({ value: Number.NaN, error: 1 }).verdict).toBe('outside')
  expect(judged({ value: 100, error: Number.NaN }).verdict).toBe('outside')
})

test('the relative error of a ratio is that of both parts together', () => {
  const { value, error } = ratioOf({ value: 30, error: 0.9 }, { value: 10, error: 0.4 })
  expect(value).toBe(3)
  expect(error).toBeCloseTo(3 * 0.05, 12)
})
