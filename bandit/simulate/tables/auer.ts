import { createContender, createSampledThompson } from '../contenders.ts'
import type { Simulation } from '../simulation.ts'
import { bernoulliArms, promptFeedback } from '../world.ts'
import { type PublishedTable, regretOf, type Row, runsFor } from './table.ts'

const horizon = 100_000

const contenders = [
  createContender('ucb1', { name: 'ucb1' }),
  createContender('ucb-tuned', { name: 'ucb-tuned' }),
  createContender('kl-ucb', { name: 'kl-ucb' }),
  createContender('kl-ucb, c = 3', { name: 'kl-ucb', c: 3 }),
  createSampledThompson('thompson'),
]

/** By the number that the distribution has in the paper; regrets in the order of the contenders. */
const distributions: Readonly<Record<number, { means: readonly number[]; regrets: readonly number[] }>> = {
  1: { means: [0.9, 0.6], regrets: [68.5, 8.8, 11.2, 17, 7.7] },
  2: { means: [0.9, 0.8], regrets: [173.2, 25.7, 21.5, 35.5, 14.8] },
  3: { means: [0.55, 0.45], regrets: [170.9, 26.4, 44.7, 75.9, 32.5] },
  11: { means: [0.9, ...Array.from({ length: 9 }, () => 0.6)], regrets: [622.1, 81, 98, 154.4, 66.8] },
}

const rows: readonly Row[] = Object.entries(distributions).flatMap(([number, { regrets }]) =>
  contenders.map(({ label }, index) => ({
    label: `${label}, distribution ${number}`,
    reference: regrets[index]!,
    // The references come from 100 runs; those of Thompson's with the largest errors, 2 to 11 % of the value.
    tolerance: label === 'thompson' ? 0.15 : 0.1,
    measure: regretOf(number, label, horizon),
  })),
)

export const auer: PublishedTable = {
  name: 'auer',
  title: `Regret after ${horizon} decisions on Bernoulli arms: 1 .9 .6, 2 .9 .8, 3 .55 .45, 11 .9 and nine of .6`,
  source:
    'independent simulator, 100 runs; arms of P. Auer, N. Cesa-Bianchi and P. Fischer, Machine Learning 47 (2002)',
  plan: (effort) => ({
    simulations: Object.fromEntries(
      Object.entries(distributions).map(([number, { means }]): [string, Simulation] => [
        number,
        {
          world: { arms: bernoulliArms(means), horizon, batch: 1, feedback: promptFeedback },
          contenders,
          runs: runsFor(effort, 12, 200),
          seed: 34,
          checkpoints: [horizon],
        },
      ]),
    ),
    rows,
  }),
}
