import { createContender, createSampledThompson } from '../contenders.ts'
import type { Simulation } from '../simulation.ts'
import { bernoulliArms, type DelayLaw, promptFeedback } from '../world.ts'
import { type PublishedTable, regretOf, type Row, runsFor } from './table.ts'

const horizon = 10_000

const delays: Readonly<Record<string, DelayLaw>> = {
  'constant 0': { kind: 'constant', steps: 0 },
  'constant 10': { kind: 'constant', steps: 10 },
  'constant 100': { kind: 'constant', steps: 100 },
  'constant 500': { kind: 'constant', steps: 500 },
  'constant 1000': { kind: 'constant', steps: 1000 },
  'geometric 100': { kind: 'geometric', mean: 100 },
  'geometric 500': { kind: 'geometric', mean: 500 },
  'geometric 1000': { kind: 'geometric', mean: 1000 },
}

const contenders = [
  createSampledThompson('thompson'),
  createContender('ucb-half, observed only', { name: 'ucb-half' }, { pending: 'ignored' }),
  createContender('kl-ucb, observed only', { name: 'kl-ucb' }, { pending: 'ignored' }),
  createContender('kl-ucb', { name: 'kl-ucb' }),
  createSampledThompson('thompson, pending = failure', {}, { pending: 'failed' }),
]

/** By contender, in the order of the delays. */
const references: Readonly<Record<string, readonly number[]>> = {
  thompson: [48.5, 49.5, 59.4, 129.6, 222.3, 52.1, 73.6, 95.3],
  'ucb-half, observed only': [77.4, 87, 119.5, 232.7, 287.6, 100.3, 123.6, 142.5],
  'kl-ucb, observed only': [74.4, 79.8, 110.9, 218.4, 267.5, 90.1, 116.5, 134.3],
  'kl-ucb': [71.5, 76.5, 80.2, 135.9, 219.4, 78.3, 88.3, 104.2],
  'thompson, pending = failure': [50.7, 51.3, 99.9, 333.3, 600.7, 89.3, 225.7, 351.3],
}

const rows: readonly Row[] = Object.entries(references).flatMap(([label, values]) =>
  Object.keys(delays).map((delay, index) => ({
    label: `${label}, delay ${delay}`,
    reference: values[index]!,
    tolerance: 0.1,
    measure: regretOf(delay, label, horizon),
  })),
)

export const delay: PublishedTable = {
  name: 'delay',
  title: `Regret on the arms of besson after ${horizon} decisions, each reward with a delay of its own`,
  source: 'independent simulator, 500 runs; setting of P. Joulani, A. György and C. Szepesvári, ICML 2013',
  plan: (effort) => ({
    simulations: Object.fromEntries(
      Object.entries(delays).map(([name, law]): [string, Simulation] => [
        name,
        {
          world: {
            arms: bernoulliArms([0.6, 0.2, 0.55, 0.7, 0.5], law),
            horizon,
            batch: 1,
            feedback: promptFeedback,
          },
          contenders,
          runs: runsFor(effort, 30, 500),
          seed: 36,
          checkpoints: [horizon],
        },
      ]),
    ),
    rows,
  }),
}
