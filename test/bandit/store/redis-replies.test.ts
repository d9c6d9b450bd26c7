import { expect, test } from 'vitest'
import { toApplyResult } from '../../../bandit/store/redis-replies.ts'
import { StoreUnavailable } from '../../../bandit/store/store.ts'

test('what became of a reward is one of three things', () => {
  expect(toApplyResult(['applied'])).toEqual({ status: 'applied' })
  expect(toApplyResult(['late'])).toEqual({ status: 'late' })
  expect(toApplyResult(['conflict', ''])).toEqual({ status: 'conflict', mark: '' })
})

test.each([[['conflict']], [[]], ['run:1700000000000000'], [['x', '3']], [null], [1]])(
  'the answer to another command, %j, settles nothing',
  (reply) => {
    expect(() => toApplyResult(reply)).toThrow(StoreUnavailable)
  },
)
