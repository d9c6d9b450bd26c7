import type { Contender } from '../contender.ts'
import { createContender } from '../contenders.ts'
import type { Simulation } from '../simulation.ts'
import { bernoulliArms, promptFeedback } from '../world.ts'
import { readDigits } from './read-digits.ts'
import { type Find, type Measured, type PublishedTable, regretOf, type Row, runsFor } from './table.ts'

const digitsInSet = 1797
const passes = [1, 2, 3]
const checkpoints = passes.map((pass) => pass * digitsInSet)
const arms = bernoulliArms(Array.from({ length: 10 }, () => 0))

interface Case {
  readonly contender: Contender
  /** Share of right answers so far, after each pass. */
  readonly right: readonly number[]
  /** Standard error of the reference, where its five runs tell by less than the tolerance. */
  readonly error?: number
  readonly batch?: number
}

const ucb = (label: string, alpha: number) => createContender(label, { name: 'lin-ucb', alpha })
const thompson = (label: string, deviation: number) =>
  createContender(label, { name: 'lin-thompson', deviation }, { sampling: 'posterior' })

const cases: readonly Case[] = [
  { contender: ucb('lin-ucb, α = 0.25', 0.25), right: [0.86, 0.911, 0.931] },
  { contender: ucb('lin-ucb, α = 1', 1), right: [0.788, 0.862, 0.894] },
  { contender: thompson('lin-thompson, v = 0.1', 0.1), right: [0.841, 0.902, 0.926] },
  { contender: thompson('lin-thompson, v = 0.25', 0.25), right: [0.775, 0.856, 0.891] },
  { contender: thompson('lin-thompson, v = 1', 1), right: [0.319, 0.454, 0.548], error: 0.005 },
  {
    contender: createContender('lin-epsilon-greedy, ε = 0.05', { name: 'lin-epsilon-greedy', epsilon: 0.05 }),
    right: [0.696, 0.799, 0.843],
    error: 0.04 / Math.sqrt(5),
  },
  { contender: ucb('lin-ucb, α = 0.25, every 100', 0.25), right: [0.8, 0.88, 0.912], batch: 100 },
  {
    contender: thompson('lin-thompson, v = 0.25, every 100', 0.25),
    right: [0.731, 0.834, 0.876],
    batch: 100,
  },
]
const batches = [1, 100]

const nameOf = (batch: number): string => `every ${batch}`

const shareRight =
  (simulation: string, label: string, decisions: number) =>
  (find: Find): Measured => {
    const { value, error } = regretOf(simulation, label, decisions)(find)
    return { value: 1 - value / decisions, error: error / decisions }
  }

const rows: readonly Row[] = cases.flatMap(({ contender: { label }, right, error = 0, batch = 1 }) =>
  passes.map((pass, index) => ({
    label: `${label}, ${pass === 1 ? 'one pass' : `${pass} passes`}`,
    reference: right[index]!,
    referenceError: error,
    tolerance: 0.02,
    measure: shareRight(nameOf(batch), label, pass * digitsInSet),
  })),
)

export const digits: PublishedTable = {
  name: 'digits',
  title: 'Share of 1797 handwritten digits read right, where all that is told is whether the guess was',
  source:
    'independent simulator, 5 runs; 8 × 8 pixels and 1, an arm a digit, λ = 1; data of E. Alpaydin and C. Kaynak, UCI, 1998',
  plan: (effort) => {
    const rowsOfData = readDigits()
    return {
      simulations: Object.fromEntries(
        batches.map((batch): [string, Simulation] => [
          nameOf(batch),
          {
            world: {
              arms,
              horizon: checkpoints.at(-1)!,
              batch,
              feedback: promptFeedback,
              contexts: { kind: 'rows', rows: rowsOfData },
            },
            contenders: cases.filter((each) => (each.batch ?? 1) === batch).map(({ contender }) => contender),
            runs: runsFor(effort, 4, 20),
            seed: 40,
            checkpoints,
          },
        ]),
      ),
      rows,
    }
  },
}
