import { expect, test } from 'vitest'
import { toApplyResult } from '../../../../bandit/store/redis/redis-replies.ts'
import { StoreUnavailable } from '../../../../bandit/store/store.ts'

test('what became of a reward is one of three things', () => {
  const stamp = { born: 1700, version: 7 }
  expect(toApplyResult(['applied', 7, '1700'])).toMatchObject({ status: 'applied', stamp })
  expect(toApplyResult(['late'])).toEqual({ status: 'late' })
  const conflict = { status: 'conflict', mark: '', stamp, base: 'b' }
  expect(toApplyResult(['conflict', '', '7', '1700', 'b'])).toEqual(conflict)
})

test.each([[['conflict']], [['applied']], [[]], ['run:1700000000000000'], [['x', '3']], [null], [1]])(
  'the answer to another command, %j, settles nothing',
  (reply) => {
    expect(() => toApplyResult(reply)).toThrow(StoreUnavailable)
  },
)
