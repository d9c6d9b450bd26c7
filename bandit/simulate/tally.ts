import { toEstimate } from './estimate.ts'
import type { RunResult } from './run.ts'
import type { ContenderResult, Simulation, Task } from './simulation.ts'

/** Gathers the runs of a simulation in whatever order they come; what they add up to does not depend on it. */
export interface Tally {
  add(task: Task, results: readonly RunResult[]): void
  /** One result a contender, in their order, once every run is in. */
  results(): ContenderResult[]
}

export function createTally({ contenders, world, runs, checkpoints, stop }: Simulation): Tally {
  const arms = world.arms.length
  const rows = contenders.map(() => ({
    regrets: checkpoints.map(() => new Float64Array(runs)),
    pulls: new Float64Array(checkpoints.length * arms),
    decisions: new Float64Array(runs).fill(checkpoints.at(-1)!),
    wrong: new Float64Array(runs),
  }))
  return {
    add(task, results) {
      const { regrets, pulls, decisions, wrong } = rows[task.contender]!
      for (const [offset, result] of results.entries()) {
        const run = task.firstRun + offset
        for (const [at, values] of regrets.entries()) values[run] = result.regrets[at]!
        for (let at = 0; at < pulls.length; at++) pulls[at]! += result.pulls[at]!
        if (result.found === undefined) continue
        decisions[run] = result.found.after
        wrong[run] = result.found.right ? 0 : 1
      }
    },
    results: () =>
      contenders.map((contender, index) => {
        const { regrets, pulls, decisions, wrong } = rows[index]!
        return {
          contender,
          runs,
          checkpoints,
          regrets,
          regret: regrets.map(toEstimate),
          shares: checkpoints.map((_, at) => toShares(pulls.subarray(at * arms, (at + 1) * arms))),
          ...(stop !== undefined && {
            search: { decisions: toEstimate(decisions), wrong: toEstimate(wrong) },
            lengths: decisions,
          }),
        }
      }),
  }
}

function toShares(pulls: Float64Array): Float64Array {
  const total = pulls.reduce((sum, count) => sum + count, 0)
  return pulls.map((count) => count / total)
}
