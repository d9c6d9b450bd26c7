import { createSampledThompson } from '../contenders.ts'
import type { ContenderResult, Simulation } from '../simulation.ts'
import type { ValueLeftRule } from '../stop.ts'
import { bernoulliArms, promptFeedback } from '../world.ts'
import { type Find, type Measured, type PublishedTable, type Row, runsFor } from './table.ts'

const visitsADay = 100
const thompson = 'thompson'
const rule: ValueLeftRule = { confidence: 0.95, gain: 0.01, earliest: 14 * visitsADay }

/** A test of fixed length that finds the difference with a power of 95 % takes 22,330 visits. */
const classicalDays = 223

const simulationOf = (means: readonly number[], days: number, runs: number): Simulation => ({
  world: {
    arms: bernoulliArms(means),
    horizon: days * visitsADay,
    batch: visitsADay,
    feedback: promptFeedback,
  },
  contenders: [createSampledThompson(thompson)],
  runs,
  seed: 39,
  checkpoints: [days * visitsADay],
  stop: rule,
})

const days = ({ search }: ContenderResult): Measured => ({
  value: search!.decisions.mean / visitsADay,
  error: search!.decisions.error / visitsADay,
})

const saved = (result: ContenderResult): Measured => {
  const { value, error } = days(result)
  return { value: classicalDays - value, error }
}

/** From rank n/2 − √n/2 to n/2 + √n/2 are two standard errors. */
const medianDays = ({ lengths }: ContenderResult): Measured => {
  const sorted = lengths!.toSorted()
  const at = (rank: number) => sorted[Math.min(sorted.length - 1, Math.max(0, Math.round(rank)))]!
  const [middle, reach] = [(sorted.length - 1) / 2, Math.sqrt(sorted.length) / 2]
  return {
    value: at(middle) / visitsADay,
    error: (at(middle + reach) - at(middle - reach)) / 2 / visitsADay,
  }
}

const lost = ({ regret }: ContenderResult): Measured => ({ value: regret[0]!.mean, error: regret[0]!.error })

const right = ({ search }: ContenderResult): Measured => ({
  value: 1 - search!.wrong.mean,
  error: search!.wrong.error,
})

const row = (
  simulation: string,
  label: string,
  measure: (result: ContenderResult) => Measured,
  values: Omit<Row, 'label' | 'measure'>,
): Row => ({
  label: `${label}, ${simulation}`,
  ...values,
  measure: (find: Find) => measure(find(simulation, thompson)),
})

const two = '4 % against 5 %'
const six = 'six arms'

export const stopping: PublishedTable = {
  name: 'stopping',
  title: `Days at ${visitsADay} visits until little is left to gain, Thompson sampling with daily updates`,
  source:
    'S. L. Scott, Multi-armed bandit experiments in the online service economy, Applied Stochastic Models in Business and Industry 31, 2015, and Google Analytics help, 2013',
  note: 'Errors of the references are ours at their numbers of runs, 500 and 200, which are all that is known of them.',
  plan: (effort) => ({
    simulations: {
      [two]: simulationOf([0.04, 0.05], 2000, runsFor(effort, 500, 3000)),
      [six]: simulationOf([0.04, 0.02, 0.03, 0.035, 0.045, 0.05], 4000, runsFor(effort, 40, 600)),
    },
    rows: [
      row(two, 'days', days, { reference: 48, referenceError: 2, tolerance: 0.05 }),
      row(two, 'days, median', medianDays, { reference: 29, referenceError: 2, tolerance: 0.05 }),
      row(two, 'days saved', saved, { paper: 175, reference: 175, referenceError: 2, tolerance: 0.02 }),
      row(two, 'conversions lost', lost, { reference: 13.6, referenceError: 0.75, tolerance: 0.05 }),
      row(two, 'right', right, { paper: 0.964, reference: 0.976, referenceError: 0.007, tolerance: 0.01 }),
      row(six, 'days', days, { reference: 297, referenceError: 18, tolerance: 0.05 }),
      row(six, 'right', right, { reference: 0.995, referenceError: 0.005, tolerance: 0.01 }),
    ],
  }),
}
