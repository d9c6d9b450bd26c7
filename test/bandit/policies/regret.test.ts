import { expect, test } from 'vitest'
import { createPolicy, type PolicyName } from '../../../bandit/policies/by-name.ts'
import { play } from '../support/play.ts'
import { uniformSource } from '../support/random-source.ts'

/**
 * Five Bernoulli arms of Besson's thesis, chapter 2, with the regrets of an independent simulator (uniform: exactly
 * 0.19 a play). The tolerance is four standard errors of the difference, from a standard deviation a run of
 * 1.7, 1.5, 30 and 3.4, plus 0.05 for the reference's rounding.
 */
const means = [0.6, 0.2, 0.55, 0.7, 0.5]

const cases: { name: PolicyName; plays: number; runs: number; regret: number; tolerance: number }[] = [
  { name: 'uniform', plays: 100, runs: 2000, regret: 19, tolerance: 0.15 },
  { name: 'ucb1', plays: 100, runs: 2000, regret: 13.1, tolerance: 0.18 },
  { name: 'ucb1', plays: 10_000, runs: 200, regret: 247.5, tolerance: 9.4 },
  { name: 'thompson', plays: 100, runs: 300, regret: 9.7, tolerance: 0.85 },
]

test.each(cases)(
  'regret of $name after $plays plays is $regret ± $tolerance',
  { timeout: 30_000 },
  ({ name, plays, runs, regret, tolerance }) => {
    const policy = createPolicy({ name })
    const uniform = uniformSource(20)
    let sum = 0
    for (let run = 0; run < runs; run++) sum += play(policy, means, plays, uniform)
    expect(Math.abs(sum / runs - regret)).toBeLessThanOrEqual(tolerance)
  },
)
