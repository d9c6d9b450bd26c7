import { expect, test } from 'vitest'
import { lossOf } from '../../bandit/state-loss.ts'
import type { EndpointState } from '../../bandit/store/store.ts'

const stateOf = (version: number, rewarded: readonly number[]): EndpointState => ({
  version,
  arms: new Map(
    rewarded.map((count, arm) => [
      `arm ${arm}`,
      {
        epochs: new Map(),
        open: new Map(),
        held: new Map(),
        totals: { pulls: count, rewarded: count, voided: 0, defaulted: 0, writtenOff: 0 },
      },
    ]),
  ),
  observed: new Map(),
})

test('a store that has gone back has lost what it has less', () => {
  expect(lossOf(stateOf(9, [3, 4]), stateOf(8, [3, 2]))).toEqual({ rewardedBefore: 7, rewarded: 5 })
  expect(lossOf(stateOf(9, [3, 4]), stateOf(0, []))).toEqual({ rewardedBefore: 7, rewarded: 0 })
})

test('a store that goes on has lost nothing, though rewards were taken back', () => {
  expect(lossOf(stateOf(9, [3, 4]), stateOf(10, [3, 3]))).toBeUndefined()
  expect(lossOf(stateOf(0, []), stateOf(0, []))).toBeUndefined()
})
