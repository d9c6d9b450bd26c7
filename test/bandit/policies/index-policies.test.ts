import fc from 'fast-check'
import { expect, test } from 'vitest'
import { klUpperBound } from '../../../bandit/beliefs/kl.ts'
import { createEpsilonGreedy } from '../../../bandit/policies/epsilon-greedy.ts'
import { createKlUcb } from '../../../bandit/policies/kl-ucb.ts'
import { createMoss } from '../../../bandit/policies/moss.ts'
import { createUcbTuned } from '../../../bandit/policies/ucb-tuned.ts'
import { belief } from '../support/beliefs.ts'

test('kl-ucb plays the arm with the largest bound, though it looks at few of them', () => {
  const policy = createKlUcb()
  const anyArm = fc
    .record({ count: fc.integer({ min: 1, max: 400 }), mean: fc.double({ min: 0, max: 1, noNaN: true }) })
    .map(({ count, mean }) => belief(count, count * mean))
  fc.assert(
    fc.property(fc.array(anyArm, { minLength: 1, maxLength: 12 }), (arms) => {
      const pulls = arms.reduce((sum, { count }) => sum + count, 0)
      const bounds = arms.map(({ count, sum }) => klUpperBound(sum / count, Math.log(pulls) / count))
      const largest = Math.max(...bounds)
      for (const [at, propensity] of policy.distribution(arms).entries()) {
        if (propensity > 0) expect(bounds[at]).toBeGreaterThanOrEqual(largest - 1e-12)
      }
    }),
    { seed: 61, numRuns: 500 },
  )
})

test('kl-ucb explores more where it is proven', () => {
  // Of 2000 pulls: bounds 0.66 and 0.55 + c.
  const arms = [belief(1900, 1200), belief(100, 45)]
  expect([...createKlUcb({ c: 0 }).distribution(arms)]).toEqual([1, 0])
  expect([...createKlUcb({ c: 3 }).distribution(arms)]).toEqual([0, 1])
})

test('ucb-tuned gives an arm of steady rewards a smaller bonus', () => {
  const steady = belief(1000, 500, { sumOfSquares: 250 })
  // N = 2000. Steady: V = √(2 ln N / n) = 0.123, index 0.5 + √(0.0076 · 0.123) = 0.5306; varying: V = ¼, 0.4 + …
  const varying = (sum: number) => belief(1000, sum, { sumOfSquares: sum })
  expect([...createUcbTuned().distribution([steady, varying(480)])]).toEqual([1, 0])
  expect([...createUcbTuned().distribution([steady, varying(492)])]).toEqual([0, 1])
})

test('moss gives no bonus to an arm that had its share', () => {
  const share = [belief(500, 300), belief(500, 290)]
  expect([...createMoss().distribution(share)]).toEqual([1, 0])
  // ln(1000 / (2 · 100)) / 100 = 0.0161, so 0.127 more for the second.
  expect([...createMoss().distribution([belief(900, 540), belief(100, 48)])]).toEqual([0, 1])
  expect([...createMoss().distribution([belief(900, 540), belief(100, 47)])]).toEqual([1, 0])
  expect([...createMoss({ horizon: 10_000 }).distribution([belief(900, 540), belief(100, 47)])]).toEqual([
    0, 1,
  ])
})

test('epsilon-greedy explores by its share, and less once that decays', () => {
  const arms = [belief(500, 300), belief(400, 100), belief(100, 50)]
  const shares = (settings: Parameters<typeof createEpsilonGreedy>[0]) => [
    ...createEpsilonGreedy(settings).distribution(arms),
  ]
  const close = (values: number[]) => values.map((value) => expect.closeTo(value, 12))
  expect(shares({ epsilon: 0.3 })).toEqual(close([0.8, 0.1, 0.1]))
  expect(shares({ epsilon: 0.3, decayAfter: 100 })).toEqual(close([0.98, 0.01, 0.01]))
  expect(shares({ epsilon: 0.3, decayAfter: 2000 })).toEqual(close([0.8, 0.1, 0.1]))
  expect(shares({ epsilon: 0 })).toEqual([1, 0, 0])
})
