import { createContender } from '../contenders.ts'
import type { Search, Simulation } from '../simulation.ts'
import { bernoulliArms, promptFeedback } from '../world.ts'
import { type Find, type Measured, type PublishedTable, type Row, runsFor } from './table.ts'

const risk = 0.1

/** Draws of Track-and-Stop: as published, and by an independent simulator. */
const problems = {
  'four arms': {
    means: [0.5, 0.45, 0.43, 0.4],
    paper: 4052,
    reference: 4222,
    referenceError: 233,
  },
  'five arms': {
    means: [0.3, 0.21, 0.2, 0.19, 0.18],
    paper: 1406,
    reference: 1409,
    referenceError: 43,
  },
} as const

const searchOf =
  (simulation: string, part: keyof Search) =>
  (find: Find): Measured => {
    const { mean, error } = find(simulation, 'top-two-thompson').search![part]
    return { value: mean, error }
  }

const rows: readonly Row[] = Object.entries(problems).flatMap(
  ([name, { paper, reference, referenceError }]) => [
    {
      label: `decisions, ${name}`,
      paper,
      reference,
      referenceError,
      atMost: true,
      // Half of the pulls for the leader is not the best share on every problem, and costs a fifth or so.
      tolerance: 0.3,
      measure: searchOf(name, 'decisions'),
    },
    {
      label: `wrong runs, ${name}`,
      reference: risk,
      atMost: true,
      tolerance: 0,
      measure: searchOf(name, 'wrong'),
    },
  ],
)

export const identification: PublishedTable = {
  name: 'identification',
  title: `Decisions until top-two Thompson sampling knows the best arm but for a risk of ${risk}, against Track-and-Stop`,
  source: 'A. Garivier and E. Kaufmann, Optimal Best Arm Identification with Fixed Confidence, COLT 2016',
  plan: (effort) => ({
    simulations: Object.fromEntries(
      Object.entries(problems).map(([name, { means }]): [string, Simulation] => [
        name,
        {
          world: { arms: bernoulliArms(means), horizon: 100_000, batch: 10, feedback: promptFeedback },
          contenders: [createContender('top-two-thompson', { name: 'top-two-thompson' })],
          runs: runsFor(effort, 60, 1000),
          seed: 39,
          checkpoints: [100_000],
          stop: { confidence: 1 - risk, threshold: 'usual' },
        },
      ]),
    ),
    rows,
  }),
}
