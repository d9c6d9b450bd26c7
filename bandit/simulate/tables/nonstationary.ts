import type { Forgetting } from '../../beliefs/forgetting.ts'
import { createContender, createSampledThompson } from '../contenders.ts'
import type { Simulation } from '../simulation.ts'
import { noDelay, promptFeedback, type SimulatedArm } from '../world.ts'
import { type PublishedTable, regretOf, type Row, runsFor } from './table.ts'

const horizon = 5000
const changes = 4

/** Means of the three arms, segment by segment, all equally long. */
const problems: Readonly<Record<string, readonly (readonly number[])[]>> = {
  'problem 1': [
    [0.3, 0.5, 0.9],
    [0.3, 0.2, 0.9],
    [0.3, 0.2, 0.1],
    [0.7, 0.2, 0.1],
    [0.7, 0.5, 0.1],
  ],
  'problem 2': [
    [0.4, 0.5, 0.9],
    [0.5, 0.4, 0.7],
    [0.6, 0.3, 0.5],
    [0.7, 0.2, 0.3],
    [0.8, 0.1, 0.1],
  ],
}

/** A reward of n decisions ago counts γⁿ. */
const discount = (gamma: number): Forgetting => ({
  kind: 'half-life',
  halfLifeMs: Math.LN2 / -Math.log(gamma),
})
const slidingWindow: Forgetting = {
  kind: 'sliding-window',
  spanMs: 2 * Math.sqrt((horizon * Math.log(horizon)) / changes),
}
const klUcbDiscount = 1 - Math.sqrt(changes / horizon) / 4

const contenders = [
  createContender('kl-ucb', { name: 'kl-ucb' }),
  createSampledThompson('thompson'),
  createContender('kl-ucb, sliding window', { name: 'kl-ucb' }, { forgetting: slidingWindow }),
  createContender('kl-ucb, discounted', { name: 'kl-ucb' }, { forgetting: discount(klUcbDiscount) }),
  ...[0.95, 0.99, 0.995, 0.999].map((gamma) =>
    createSampledThompson(`thompson, γ = ${gamma}`, {}, { forgetting: discount(gamma) }),
  ),
]

/** The test of the paper, at its risk of 1 / √T and, as there, every ten decisions. */
const detection = (scope: 'arm' | 'all'): Forgetting => ({
  kind: 'change-detection',
  spanMs: horizon / 2,
  risk: 1 / Math.sqrt(horizon),
  scope,
})
const detecting = [
  createContender('kl-ucb, restarts of an arm', { name: 'kl-ucb' }, { forgetting: detection('arm') }),
  createContender('kl-ucb, restarts of all', { name: 'kl-ucb' }, { forgetting: detection('all') }),
]
/** What the paper has for them, with some forced exploration; ours need none. */
const detectingRegrets: Readonly<Record<string, readonly number[]>> = {
  'kl-ucb, restarts of an arm': [74, 113],
  'kl-ucb, restarts of all': [97, 134],
}

interface Regret {
  readonly paper?: number
  readonly reference: number
}

/** What was published, where it holds, and what the independent simulator has; by problem. */
const regrets: Readonly<Record<string, readonly Regret[]>> = {
  'kl-ucb': [
    { paper: 270, reference: 273.8 },
    { paper: 162, reference: 164 },
  ],
  thompson: [
    { paper: 493, reference: 485.3 },
    { paper: 388, reference: 386.7 },
  ],
  'kl-ucb, sliding window': [
    { paper: 177, reference: 178.4 },
    { paper: 182, reference: 181.1 },
  ],
  'kl-ucb, discounted': [{ reference: 214.5 }, { reference: 218.2 }],
  'thompson, γ = 0.95': [{ reference: 424.3 }, { reference: 438.9 }],
  'thompson, γ = 0.99': [{ reference: 187 }, { reference: 184 }],
  'thompson, γ = 0.995': [{ reference: 156 }, { reference: 134.5 }],
  'thompson, γ = 0.999': [{ reference: 233 }, { reference: 135 }],
}

const toArms = (segments: readonly (readonly number[])[]): SimulatedArm[] =>
  segments[0]!.map((_, arm) => ({
    name: `arm-${arm + 1}`,
    reward: {
      kind: 'bernoulli',
      mean: {
        points: segments.map((means, segment) => ({
          at: (segment * horizon) / segments.length,
          mean: means[arm]!,
        })),
        between: 'steps',
      },
    },
    delay: noDelay,
  }))

const toRow = (label: string, problem: string, { paper, reference }: Regret): Row => ({
  label: `${label}, ${problem}`,
  ...(paper !== undefined && { paper }),
  reference,
  tolerance: 0.05,
  measure: regretOf(problem, label, horizon),
})

const toDetectingRow = (label: string, problem: string, paper: number): Row => ({
  label: `${label}, ${problem}`,
  paper,
  reference: paper,
  atMost: true,
  tolerance: 0.05,
  measure: regretOf(`${problem}, detecting`, label, horizon),
})

const rows: readonly Row[] = [
  ...Object.entries(regrets).flatMap(([label, values]) =>
    Object.keys(problems).map((problem, index) => toRow(label, problem, values[index]!)),
  ),
  ...Object.entries(detectingRegrets).flatMap(([label, values]) =>
    Object.keys(problems).map((problem, index) => toDetectingRow(label, problem, values[index]!)),
  ),
]

export const nonstationary: PublishedTable = {
  name: 'nonstationary',
  title: `Regret after ${horizon} decisions on three arms whose means change ${changes} times`,
  source:
    'L. Besson, E. Kaufmann, O.-A. Maillard and J. Seznec, JMLR 23 (2022); independent simulator, 1000 runs',
  note:
    'The discounted Thompson sampling and discounted KL-UCB of the paper do not come out of their own definitions (209 and ' +
    '1456 on problem 1): ours are held to the independent simulator alone. Restarts are held to be no worse than in the ' +
    'paper, which pulls arms at random in 5 % of the decisions so as to see them change; ours does not, and forgets what is ' +
    'older than half a run.',
  plan: (effort) => ({
    simulations: Object.fromEntries(
      Object.entries(problems).flatMap(([name, segments]): [string, Simulation][] => {
        const world = { arms: toArms(segments), horizon, batch: 1, feedback: promptFeedback }
        const rest = { runs: runsFor(effort, 50, 1000), seed: 33, checkpoints: [horizon] }
        return [
          [name, { world, contenders, ...rest }],
          [`${name}, detecting`, { world: { ...world, batch: 10 }, contenders: detecting, ...rest }],
        ]
      }),
    ),
    rows,
  }),
}
