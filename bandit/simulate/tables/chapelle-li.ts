import { createContender, createSampledThompson } from '../contenders.ts'
import type { Simulation } from '../simulation.ts'
import { bernoulliArms, promptFeedback } from '../world.ts'
import { type PublishedTable, ratioOf, regretOf, type Row, runsFor } from './table.ts'

const horizon = 1_000_000

/** By the number of decisions that feedback is held back together. */
const regrets: Readonly<Record<number, { readonly ucb: Regret; readonly thompson: Regret }>> = {
  1: { ucb: { paper: 24_145, reference: 25_337 }, thompson: { paper: 9_105, reference: 9_508 } },
  3: { ucb: { paper: 24_695, reference: 26_093 }, thompson: { paper: 9_199, reference: 9_507 } },
  10: { ucb: { paper: 25_662, reference: 27_190 }, thompson: { paper: 9_049, reference: 9_643 } },
  32: { ucb: { paper: 28_148, reference: 29_733 }, thompson: { paper: 9_451, reference: 9_848 } },
  100: { ucb: { paper: 37_141, reference: 39_270 }, thompson: { paper: 11_550, reference: 12_235 } },
  316: { ucb: { paper: 77_687, reference: 85_925 }, thompson: { paper: 21_594, reference: 23_684 } },
  1000: { ucb: { paper: 226_220, reference: 252_013 }, thompson: { paper: 59_256, reference: 65_658 } },
}

interface Regret {
  readonly paper: number
  readonly reference: number
}

const contenders = [createContender('ucb', { name: 'chapelle-li-ucb' }), createSampledThompson('thompson')]

const toSimulation = (batch: number, runs: number): Simulation => ({
  world: {
    arms: bernoulliArms(Array.from({ length: 10 }, () => 0.5)),
    horizon,
    batch,
    feedback: promptFeedback,
    turnover: { rate: 1e-3, means: { alpha: 4, beta: 4 } },
  },
  contenders,
  runs,
  seed: 31,
  checkpoints: [horizon],
})

const toRows = (batch: number): Row[] => {
  const { ucb, thompson } = regrets[batch]!
  const name = `every ${batch}`
  const [measureUcb, measureThompson] = [regretOf(name, 'ucb', horizon), regretOf(name, 'thompson', horizon)]
  return [
    { label: `thompson, ${name}`, ...thompson, tolerance: 0.12, measure: measureThompson },
    {
      label: `ucb / thompson, ${name}`,
      paper: ucb.paper / thompson.paper,
      reference: ucb.reference / thompson.reference,
      tolerance: 0.05,
      measure: (find) => ratioOf(measureUcb(find), measureThompson(find)),
    },
  ]
}

export const chapelleLi: PublishedTable = {
  name: 'chapelle-li',
  title: 'Regret with feedback every δ decisions, on ten arms that come and go',
  source: 'O. Chapelle and L. Li, An Empirical Evaluation of Thompson Sampling, NIPS 2011, table 1',
  note:
    'Of ten arms one in a thousand decisions goes and is replaced. The paper does not say that this happens where a batch ' +
    'starts, nor that the time of UCB is the age of the arm; its numbers come out only so.',
  plan: (effort) => {
    const batches = effort === 'quick' ? [10, 1000] : Object.keys(regrets).map(Number)
    return {
      simulations: Object.fromEntries(
        batches.map((batch) => [`every ${batch}`, toSimulation(batch, runsFor(effort, 5, 40))]),
      ),
      rows: batches.flatMap(toRows),
    }
  },
}
