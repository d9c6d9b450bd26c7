import { expect, test } from 'vitest'
import { createPolicy, type PolicyName, type PolicySettings } from '../../../bandit/policies/by-name.ts'
import { play } from '../support/play.ts'
import { uniformSource } from '../support/random-source.ts'

interface Case {
  readonly name: PolicyName
  readonly settings?: PolicySettings
  readonly plays: number
  readonly runs: number
  readonly regret: number
  readonly tolerance: number
}

/**
 * Regrets of Bernoulli arms, against those of an independent simulator (uniform is exact). A tolerance is four
 * standard errors of the difference, from the standard deviation of a run, plus the reference's rounding.
 */
function hold(arms: string, means: readonly number[], cases: readonly Case[]): void {
  const labelled = cases.map((each) => ({
    ...each,
    label: [each.name, ...Object.entries(each.settings ?? {}).flat()].join(' '),
  }))
  test.each(labelled)(
    `${arms}: regret of $label after $plays plays is $regret ± $tolerance`,
    { timeout: 30_000 },
    ({ name, settings, plays, runs, regret, tolerance }) => {
      const policy = createPolicy({ name, ...settings })
      const uniform = uniformSource(20)
      let sum = 0
      for (let run = 0; run < runs; run++) sum += play(policy, means, plays, uniform)
      expect(Math.abs(sum / runs - regret)).toBeLessThanOrEqual(tolerance)
    },
  )
}

/** L. Besson's thesis, chapter 2. Deviations a run: 1.7, 1.5, 30, 3.4, 2.9 and 7.6. */
hold(
  'five arms',
  [0.6, 0.2, 0.55, 0.7, 0.5],
  [
    { name: 'uniform', plays: 100, runs: 2000, regret: 19, tolerance: 0.15 },
    { name: 'ucb1', plays: 100, runs: 2000, regret: 13.1, tolerance: 0.18 },
    { name: 'ucb1', plays: 10_000, runs: 200, regret: 247.5, tolerance: 9.4 },
    { name: 'thompson', plays: 100, runs: 80, regret: 9.7, tolerance: 1.6 },
    { name: 'kl-ucb', plays: 100, runs: 1000, regret: 9.5, tolerance: 0.45 },
    { name: 'epsilon-greedy', settings: { epsilon: 0 }, plays: 100, runs: 1500, regret: 8.3, tolerance: 1.3 },
  ],
)

/** Low rates, from A. Garivier and O. Cappé. Deviations a run: 17, 27, 23 and 33. */
hold(
  'ten rare rewards',
  [0.1, 0.05, 0.05, 0.05, 0.02, 0.02, 0.02, 0.01, 0.01, 0.01],
  [
    { name: 'kl-ucb', plays: 20_000, runs: 12, regret: 131.5, tolerance: 21 },
    { name: 'kl-ucb', settings: { c: 3 }, plays: 20_000, runs: 12, regret: 211.7, tolerance: 32 },
    { name: 'ucb-tuned', plays: 20_000, runs: 24, regret: 240.9, tolerance: 20 },
    { name: 'moss', settings: { horizon: 20_000 }, plays: 20_000, runs: 24, regret: 240.9, tolerance: 28 },
  ],
)

/** D. Russo et al., A Tutorial on Thompson Sampling. Deviations a run: 6, 7 and 7. */
hold(
  'three arms',
  [0.9, 0.8, 0.7],
  [
    { name: 'kl-ucb', plays: 1000, runs: 200, regret: 13.5, tolerance: 1.8 },
    { name: 'kl-ucb', settings: { c: 3 }, plays: 1000, runs: 200, regret: 19.6, tolerance: 2.1 },
    { name: 'ucb-tuned', plays: 1000, runs: 200, regret: 14.2, tolerance: 2.1 },
  ],
)
