import { toEstimate } from './estimate.ts'
import type { RunResult } from './run.ts'
import type { ContenderResult, Simulation, Task } from './simulation.ts'

/** Gathers the runs of a simulation in whatever order they come; what they add up to does not depend on it. */
export interface Tally {
  add(task: Task, results: readonly RunResult[]): void
  /** One result a contender, in their order, once every run is in. */
  results(): ContenderResult[]
}

export function createTally({ contenders, world, runs, checkpoints }: Simulation): Tally {
  const arms = world.arms.length
  const rows = contenders.map(() => ({
    regrets: checkpoints.map(() => new Float64Array(runs)),
    pulls: new Float64Array(checkpoints.length * arms),
  }))
  return {
    add(task, results) {
      const { regrets, pulls } = rows[task.contender]!
      for (const [offset, result] of results.entries()) {
        for (const [at, values] of regrets.entries()) values[task.firstRun + offset] = result.regrets[at]!
        for (let at = 0; at < pulls.length; at++) pulls[at]! += result.pulls[at]!
      }
    },
    results: () =>
      contenders.map((contender, index) => {
        const { regrets, pulls } = rows[index]!
        return {
          contender,
          runs,
          checkpoints,
          regrets,
          regret: regrets.map(toEstimate),
          shares: checkpoints.map((_, at) => toShares(pulls.subarray(at * arms, (at + 1) * arms))),
        }
      }),
  }
}

function toShares(pulls: Float64Array): Float64Array {
  const total = pulls.reduce((sum, count) => sum + count, 0)
  return pulls.map((count) => count / total)
}
