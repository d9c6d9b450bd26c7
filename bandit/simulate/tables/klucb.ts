import type { Contender } from '../contender.ts'
import { createContender, createSampledThompson } from '../contenders.ts'
import type { Simulation } from '../simulation.ts'
import { bernoulliArms, promptFeedback } from '../world.ts'
import { type Effort, type PublishedTable, regretOf, type Row, runsFor } from './table.ts'

interface Problem {
  readonly means: readonly number[]
  readonly horizon: number
  readonly runs: { readonly quick: number; readonly full: number }
  /** By contender. */
  readonly regrets: Readonly<Record<string, number>>
}

const problems: Readonly<Record<string, Problem>> = {
  'low rewards': {
    means: [0.1, 0.05, 0.05, 0.05, 0.02, 0.02, 0.02, 0.01, 0.01, 0.01],
    horizon: 20_000,
    runs: { quick: 30, full: 1000 },
    regrets: {
      'ucb-half': 393.9,
      ucb1: 842,
      'ucb-tuned': 240.9,
      moss: 240.9,
      'kl-ucb': 131.5,
      'kl-ucb, c = 3': 211.7,
      thompson: 91.5,
      'thompson, Jeffreys': 81.6,
    },
  },
  'one better of ten': {
    means: [0.5, ...Array.from({ length: 9 }, () => 0.45)],
    horizon: 20_000,
    runs: { quick: 30, full: 1000 },
    regrets: {
      'ucb-half': 439.3,
      ucb1: 729.6,
      'ucb-tuned': 275.8,
      moss: 286.2,
      'kl-ucb': 434.1,
      'kl-ucb, c = 3': 571,
      thompson: 287.6,
      'thompson, Jeffreys': 284.4,
    },
  },
  'three good ones': {
    means: [0.9, 0.8, 0.7],
    horizon: 1000,
    runs: { quick: 300, full: 3000 },
    regrets: { 'ucb-tuned': 14.2, 'kl-ucb': 13.5, 'kl-ucb, c = 3': 19.6, thompson: 11.2 },
  },
}

const contenders = (horizon: number): Contender[] => [
  createContender('ucb-half', { name: 'ucb-half' }),
  createContender('ucb1', { name: 'ucb1' }),
  createContender('ucb-tuned', { name: 'ucb-tuned' }),
  createContender('moss', { name: 'moss', horizon }),
  createContender('kl-ucb', { name: 'kl-ucb' }),
  createContender('kl-ucb, c = 3', { name: 'kl-ucb', c: 3 }),
  createSampledThompson('thompson'),
  createSampledThompson('thompson, Jeffreys', { prior: { alpha: 0.5, beta: 0.5 } }),
]

const toSimulation = ({ means, horizon, runs, regrets }: Problem, effort: Effort): Simulation => ({
  world: { arms: bernoulliArms(means), horizon, batch: 1, feedback: promptFeedback },
  contenders: contenders(horizon).filter(({ label }) => label in regrets),
  runs: runsFor(effort, runs.quick, runs.full),
  seed: 35,
  checkpoints: [horizon],
})

const rows: readonly Row[] = Object.entries(problems).flatMap(([problem, { horizon, regrets }]) =>
  Object.entries(regrets).map(([label, reference]) => ({
    label: `${label}, ${problem}`,
    reference,
    // Thompson's runs spread far more than those of an index.
    tolerance: label.startsWith('thompson') ? 0.1 : 0.05,
    measure: regretOf(problem, label, horizon),
  })),
)

export const klucb: PublishedTable = {
  name: 'klucb',
  title: 'Regret where rewards are rare, where arms are close, and on three good arms',
  source:
    'independent simulator, 1000 to 3000 runs; arms of A. Garivier and O. Cappé, COLT 2011, E. Kaufmann, O. Cappé and ' +
    'A. Garivier, AISTATS 2012, and D. Russo et al., A Tutorial on Thompson Sampling, 2018',
  plan: (effort) => ({
    simulations: Object.fromEntries(
      Object.entries(problems).map(([name, problem]) => [name, toSimulation(problem, effort)]),
    ),
    rows,
  }),
}
