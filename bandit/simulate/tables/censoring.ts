import { createSampledThompson } from '../contenders.ts'
import type { Simulation } from '../simulation.ts'
import { constantMean, type FeedbackRule, type SimulatedArm } from '../world.ts'
import { type PublishedTable, regretOf, type Row, runsFor } from './table.ts'

const horizon = 20_000

const slow = (name: string, mean: number, delay: number): SimulatedArm => ({
  name,
  reward: { kind: 'bernoulli', mean: constantMean(mean) },
  delay: { kind: 'geometric', mean: delay },
})
const arms = [slow('slow and better', 0.6, 200), slow('quick and worse', 0.5, 10)]
const contenders = [createSampledThompson('thompson')]

const windows = [100, 200, 400, 1000, 2000]

/** Regrets in the order of the windows. */
const rules: Readonly<Record<string, { learn: FeedbackRule['learn']; regrets: readonly number[] }>> = {
  'success on arrival, else 0 at the end': { learn: 'arrival', regrets: [1996, 1979, 342, 124, 220] },
  'either held to the end': { learn: 'hold', regrets: [1994, 1981, 290, 62, 108] },
}

interface Case {
  readonly feedback: FeedbackRule
  readonly reference: number
  readonly atMost?: boolean
  readonly batch?: number
}

const cases: Readonly<Record<string, Case>> = {
  ...Object.fromEntries(
    Object.entries(rules).flatMap(([label, { learn, regrets }]) =>
      windows.map((window, index): [string, Case] => [
        `${label}, window ${window}`,
        {
          feedback: { learn, window, default: 0, silentFailures: true },
          reference: regrets[index]!,
        },
      ]),
    ),
  ),
  // What is held to the end of the same window is what it must not fall behind.
  'silence judged by its age, window 2000': {
    feedback: { learn: 'corrected', window: 2000, silentFailures: true },
    reference: 108,
    atMost: true,
    batch: 10,
  },
  'only successes count': {
    feedback: { learn: 'arrival', silentFailures: true },
    reference: 1693,
  },
}

const rows: readonly Row[] = Object.entries(cases).map(([label, { reference, atMost = false }]) => ({
  label,
  reference,
  atMost,
  tolerance: 0.1,
  measure: regretOf(label, 'thompson', horizon),
}))

export const censoring: PublishedTable = {
  name: 'censoring',
  title:
    'Regret of Thompson sampling where only successes report, the better arm slowly: .6 after 200 decisions against .5 after 10',
  source: 'independent simulator, 100 runs; setting of C. Vernade, O. Cappé and V. Perchet, UAI 2017',
  plan: (effort) => ({
    simulations: Object.fromEntries(
      Object.entries(cases).map(([label, { feedback, batch = 1 }]): [string, Simulation] => [
        label,
        {
          world: { arms, horizon, batch, feedback },
          contenders,
          runs: runsFor(effort, 20, 400),
          seed: 37,
          checkpoints: [horizon],
        },
      ]),
    ),
    rows,
  }),
}
