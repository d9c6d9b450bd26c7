import { expect, test } from 'vitest'
import { toBeliefs } from '../../../bandit/beliefs/beliefs.ts'
import { noForgetting } from '../../../bandit/beliefs/forgetting.ts'
import { createThompson } from '../../../bandit/policies/thompson.ts'
import { type ArmPrior, toPriors } from '../../../bandit/beliefs/priors.ts'
import { createRewardModel } from '../../../bandit/beliefs/reward-model.ts'
import { rewardDelta } from '../../../bandit/beliefs/statistics.ts'
import { belief } from '../support/beliefs.ts'

const inherited = (from: string, weight: number, cap: number): ArmPrior => ({
  kind: 'inherited',
  from,
  weight,
  cap,
})

test('an arm inherits what another has learned: its mean, and its rewards by the weight up to the cap', () => {
  const arms = [
    { name: 'old' },
    { name: 'new', prior: inherited('old', 0.5, 100) },
    { name: 'wary', prior: inherited('old', 0.5, 10) },
  ]
  const sums = [belief(40, 30), belief(3, 0), belief(0, 0)]
  expect(toPriors(arms, sums)).toEqual([undefined, { alpha: 16, beta: 6 }, { alpha: 8.5, beta: 3.5 }])
})

test('from an arm without rewards, or from none that there is, nothing is inherited', () => {
  const arms = [{ name: 'old' }, { name: 'new', prior: inherited('old', 1, 10) }]
  expect(toPriors(arms, [belief(0, 0), belief(0, 0)])[1]).toEqual({ alpha: 1, beta: 1 })
  expect(toPriors([{ name: 'new', prior: inherited('gone', 1, 10) }], [belief(0, 0)])).toEqual([undefined])
})

test('an inheritance is of rewards, not of what was inherited itself', () => {
  const arms = [
    { name: 'a' },
    { name: 'b', prior: inherited('a', 1, 100) },
    { name: 'c', prior: inherited('b', 1, 100) },
  ]
  expect(toPriors(arms, [belief(50, 50), belief(0, 0), belief(0, 0)])[2]).toEqual({ alpha: 1, beta: 1 })
})

test('priors reach the policies with the beliefs', () => {
  const epochs = new Map([[0, rewardDelta(800_000, 1).map((sum) => 100 * sum)]])
  const state = { arms: new Map([['old', { epochs }]]) }
  const arms = [{ name: 'old' }, { name: 'new', prior: inherited('old', 0.1, 100) }, { name: 'blank' }]
  const beliefs = toBeliefs(arms, state, 0, noForgetting).map((each) => Object.assign(each, { pending: 0 }))
  expect(beliefs.map(({ prior }) => prior)).toEqual([
    undefined,
    { alpha: expect.closeTo(9, 9) as number, beta: expect.closeTo(3, 9) as number },
    undefined,
  ])
  expect(createRewardModel().mean(beliefs[1]!)).toBeCloseTo(0.75, 9)
  const shares = createThompson().distribution(beliefs)
  expect(shares[1]).toBeGreaterThan(1.2 * shares[2]!)
})
