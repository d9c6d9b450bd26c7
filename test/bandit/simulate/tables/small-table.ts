import { type PublishedTable, regretOf, runsFor } from '../../../../bandit/simulate/tables/table.ts'
import { bernoulliArms } from '../../../../bandit/simulate/world.ts'
import { contender, world } from '../fixture.ts'

/** Uniform over means of .5 and .3 loses 0.1 a decision. */
export const small = (...references: readonly number[]): PublishedTable => ({
  name: 'small',
  title: 'two arms',
  source: 'arithmetic',
  note: 'all of it is known',
  plan: (effort) => ({
    simulations: {
      only: {
        world: world({ arms: bernoulliArms([0.5, 0.3]) }),
        contenders: [contender('uniform')],
        runs: runsFor(effort, 50, 400),
        seed: 1,
        checkpoints: [10, 100],
      },
    },
    rows: references.map((reference) => ({
      label: `${reference}`,
      reference,
      tolerance: 0.01,
      measure: regretOf('only', 'uniform', 100),
    })),
  }),
})
