import { expect, test } from 'vitest'
import { createExp3 } from '../../../bandit/policies/exp3.ts'
import { createFixed } from '../../../bandit/policies/fixed.ts'
import { belief } from '../support/beliefs.ts'
import { play } from '../support/play.ts'
import { uniformSource } from '../support/random-source.ts'

const earned = (importanceSum: number, name = 'arm') => belief(10, 5, { importanceSum, name })

test('exp3 weighs arms by e to the γ / K times what each would have earned alone', () => {
  const [first, second] = createExp3({ gamma: 0.2 }).distribution([earned(30), earned(20)])
  const weight = 1 / (1 + Math.exp(-0.1 * 10))
  expect(first).toBeCloseTo(0.8 * weight + 0.1, 14)
  expect(second).toBeCloseTo(0.8 * (1 - weight) + 0.1, 14)
})

test('exp3 never lets an arm go, and the sums may be as large as they like', () => {
  const sure = createExp3({ gamma: 0.1 }).distribution([earned(1e9), earned(0)])
  expect([...sure]).toEqual([expect.closeTo(0.95, 12), expect.closeTo(0.05, 12)])
  expect([...createExp3({ gamma: 1 }).distribution([earned(1e9), earned(0)])]).toEqual([0.5, 0.5])
})

test('exp3 stays below the regret that is proven for it', () => {
  const uniform = uniformSource(71)
  const means = [0.6, 0.2, 0.55, 0.7, 0.5]
  const plays = 4000
  let regret = 0
  for (let run = 0; run < 20; run++) regret += play(createExp3({ gamma: 0.1 }), means, plays, uniform) / 20
  // (e − 1) γ G + K ln K / γ, G = 0.7 a play; uniform play would lose 0.19 a play.
  expect(regret).toBeLessThan((Math.E - 1) * 0.1 * 0.7 * plays + (5 * Math.log(5)) / 0.1)
  expect(regret).toBeLessThan(0.3 * 0.19 * plays)
})

test('fixed gives the arms that can answer what was asked for', () => {
  const policy = createFixed({ weights: { a: 3, b: 1, c: 0 } })
  const arms = (...names: string[]) => names.map((name) => earned(1, name))
  expect([...policy.distribution(arms('a', 'b', 'c'))]).toEqual([0.75, 0.25, 0])
  expect([...policy.distribution(arms('c', 'b'))]).toEqual([0, 1])
  expect([...policy.distribution(arms('c', 'd'))]).toEqual([0.5, 0.5])
})
