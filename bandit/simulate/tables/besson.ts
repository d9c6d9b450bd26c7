import { createContender, createSampledThompson } from '../contenders.ts'
import { bernoulliArms, promptFeedback } from '../world.ts'
import { type PublishedTable, regretOf, type Row, runsFor } from './table.ts'

const world = {
  arms: bernoulliArms([0.6, 0.2, 0.55, 0.7, 0.5]),
  horizon: 10_000,
  batch: 1,
  feedback: promptFeedback,
}

const contenders = [
  createContender('ucb-half', { name: 'ucb-half' }),
  createContender('kl-ucb', { name: 'kl-ucb' }),
  createSampledThompson('thompson'),
  createContender('ucb1', { name: 'ucb1' }),
  createContender('uniform', { name: 'uniform' }),
]
const exact = [createContender('thompson', { name: 'thompson' })]

const row = (label: string, decisions: number, values: Omit<Row, 'label' | 'measure'>): Row => ({
  label: `${label}, T = ${decisions}`,
  ...values,
  measure: regretOf('sampled', label, decisions),
})

export const besson: PublishedTable = {
  name: 'besson',
  title: 'Regret on five Bernoulli arms (.6, .2, .55, .7, .5)',
  source:
    'L. Besson, Multi-Players Bandit Algorithms for Internet of Things Networks, thesis 2019, chapter 2',
  plan: (effort) => ({
    simulations: {
      sampled: {
        world,
        contenders,
        runs: runsFor(effort, 200, 1000),
        seed: 32,
        checkpoints: [100, 10_000],
      },
      exact: {
        world: { ...world, horizon: 100 },
        contenders: exact,
        runs: runsFor(effort, 100, 1000),
        seed: 32,
        checkpoints: [100],
      },
    },
    rows: [
      row('ucb-half', 100, { paper: 9.8, reference: 9.8, referenceError: 0.05, tolerance: 0.03 }),
      row('kl-ucb', 100, { paper: 9.3, reference: 9.5, referenceError: 0.05, tolerance: 0.03 }),
      row('thompson', 100, { paper: 9.6, reference: 9.7, referenceError: 0.1, tolerance: 0.03 }),
      {
        label: 'thompson exact, T = 100',
        paper: 9.6,
        reference: 9.7,
        referenceError: 0.1,
        tolerance: 0.03,
        measure: regretOf('exact', 'thompson', 100),
      },
      row('ucb1', 100, { reference: 13.1, referenceError: 0.05, tolerance: 0.03 }),
      row('uniform', 100, { paper: 19, reference: 19, tolerance: 0 }),
      row('ucb-half', 10_000, { paper: 79, reference: 79, referenceError: 0.6, tolerance: 0.03 }),
      row('kl-ucb', 10_000, { paper: 72, reference: 70.7, referenceError: 0.6, tolerance: 0.03 }),
      row('thompson', 10_000, { paper: 49, reference: 48.8, referenceError: 0.95, tolerance: 0.05 }),
      row('ucb1', 10_000, { reference: 247.5, referenceError: 0.95, tolerance: 0.03 }),
      row('uniform', 10_000, { paper: 1900, reference: 1900, tolerance: 0 }),
    ],
  }),
}
