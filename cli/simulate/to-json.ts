import type { ContenderResult } from '../../bandit/simulate/simulation.ts'
import type { Scenario } from './scenario.ts'

/** All that was simulated and what came of it, for programs to read. NaN, from a single run, is null. */
export const toJson = (
  { title, world, runs, seed, stop }: Scenario,
  results: readonly ContenderResult[],
): string => {
  const report = {
    title,
    world,
    runs,
    seed,
    stop,
    results: results.map(({ contender, checkpoints, regret, shares, search }) => ({
      ...contender,
      search,
      checkpoints: checkpoints.map((decisions, at) => ({
        decisions,
        regret: regret[at],
        shares: Object.fromEntries(world.arms.map(({ name }, arm) => [name, shares[at]![arm]])),
      })),
    })),
  }
  return `${JSON.stringify(report, undefined, 2)}\n`
}
