import { expect, test } from 'vitest'
import { playRun } from '../../../bandit/simulate/run.ts'
import { callBest } from '../../../bandit/simulate/stop.ts'
import { bernoulliArms } from '../../../bandit/simulate/world.ts'
import { belief } from '../support/beliefs.ts'
import { contender, world } from './fixture.ts'

const rule = { confidence: 0.95, gain: 0.01, earliest: 200 }
const named = (name: string, count: number, sum: number) => ({ ...belief(count, sum, { name }), age: 0 })

test('calls the arm that is most likely best once nothing else is better by much, and not before its time', () => {
  const clear = [named('a', 200, 60), named('b', 200, 120)]
  expect(callBest(clear, 200, rule)).toBe(1)
  expect(callBest(clear, 199, rule)).toBeUndefined()
  expect(callBest([named('a', 200, 100), named('b', 200, 110)], 400, rule)).toBeUndefined()
})

test('arms that are alike are told apart by nothing, and yet the search ends where so little is left', () => {
  const alike = [named('a', 1_000_000, 500_000), named('b', 1_000_000, 500_000)]
  expect(callBest(alike, 2_000_000, rule)).toBe(0)
  expect(callBest(alike, 2_000_000, { confidence: 0.95, threshold: 'usual' })).toBeUndefined()
})

test('a run ends at the first batch at which the rule holds', () => {
  const { found, regrets } = playRun({
    world: world({ arms: bernoulliArms([0.1, 0.9]), horizon: 1000, batch: 50 }),
    contender: contender('uniform'),
    seed: 1,
    run: 0,
    checkpoints: [1000],
    stop: rule,
  })
  expect(found).toEqual({ after: 200, right: true })
  expect(regrets[0]).toBeLessThan(200 * 0.8)
})
