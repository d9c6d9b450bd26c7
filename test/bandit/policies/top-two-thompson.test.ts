import { expect, test } from 'vitest'
import { probabilityBest } from '../../../bandit/policies/probability-best.ts'
import { createTopTwoThompson } from '../../../bandit/policies/top-two-thompson.ts'
import { sampleBeta } from '../support/beta-sampler.ts'
import { belief } from '../support/beliefs.ts'
import { chiSquare, oncePerMillion } from '../support/chi-square.ts'
import { uniformSource } from '../support/random-source.ts'

const arms = [belief(100, 20), belief(100, 15), belief(100, 25), belief(10, 2)]
const posteriors = arms.map(({ count, sum }) => ({ alpha: 1 + sum, beta: 1 + count - sum }))

test('draws as drawing until another arm comes out on top does', () => {
  const uniform = uniformSource(81)
  const draw = () => {
    const samples = posteriors.map((posterior) => sampleBeta(posterior, uniform))
    return samples.indexOf(Math.max(...samples))
  }
  const wins = arms.map(() => 0)
  for (let round = 0; round < 50_000; round++) {
    const first = draw()
    let chosen = first
    if (uniform() >= 0.5) while (chosen === first) chosen = draw()
    wins[chosen]!++
  }
  expect(chiSquare(wins, createTopTwoThompson().distribution(arms))).toBeLessThan(oncePerMillion[3]!)
})

test('is Thompson sampling when the leader is always played', () => {
  const distribution = createTopTwoThompson({ leader: 1 }).distribution(arms)
  for (const [at, probability] of probabilityBest(posteriors).entries()) {
    expect(distribution[at]).toBeCloseTo(probability, 14)
  }
})

test('keeps half of the traffic on the others however sure it is, most on the one that is hardest to tell apart', () => {
  const sure = createTopTwoThompson().distribution([belief(1e5, 7e4), belief(1e3, 500), belief(1e3, 450)])
  expect(sure[0]).toBeCloseTo(0.5, 12)
  expect(sure[1]).toBeGreaterThan(0.49)
  // As wide a gap on a tenth of the rewards leaves more doubt.
  const unequal = createTopTwoThompson().distribution([belief(1e5, 7e4), belief(1e4, 5e3), belief(1e3, 450)])
  expect(unequal[2]).toBeGreaterThan(0.49)
})

test('the exponents continue what the quadrature says', () => {
  // The share of the second of the others, with the leader more and more certain: no jump where the way changes.
  const second = (count: number) =>
    createTopTwoThompson().distribution([belief(count, 0.62 * count), belief(80, 32), belief(80, 31)])[2]!
  let last = second(40)
  for (let count = 42; count < 4000; count *= 1.05) {
    const next = second(count)
    expect(Math.abs(next - last)).toBeLessThan(0.03)
    last = next
  }
})

test('an arm alone gets everything', () => {
  expect([...createTopTwoThompson().distribution([belief(5, 2)])]).toEqual([1])
})
