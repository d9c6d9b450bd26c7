import type { Contender } from './contender.ts'
import type { Estimate } from './estimate.ts'
import type { Stop } from './stop.ts'
import type { World } from './world.ts'

/** Contenders that all meet the same world. Plain data. */
export interface Simulation {
  readonly world: World
  readonly contenders: readonly Contender[]
  /** Runs of each contender. */
  readonly runs: number
  readonly seed: number
  /** Numbers of decisions after which regret is noted, rising, none above the world's horizon. */
  readonly checkpoints: readonly number[]
  /** Ends a run once its best arm is known. */
  readonly stop?: Stop | undefined
}

export interface ContenderResult {
  readonly contender: Contender
  readonly runs: number
  readonly checkpoints: readonly number[]
  /** Pseudo-regret at each checkpoint. */
  readonly regret: readonly Estimate[]
  /** Regret of every run, checkpoint by checkpoint. */
  readonly regrets: readonly Float64Array[]
  /** Share of the pulls since the checkpoint before, arm by arm, at each checkpoint. */
  readonly shares: readonly Float64Array[]
  /** What became of the search for the best arm, where runs end with it. */
  readonly search?: Search
  /** Decisions of every run, where runs end with the search. */
  readonly lengths?: Float64Array
}

export interface Search {
  /** Decisions until an arm was called best; all of them in a run that called none so. */
  readonly decisions: Estimate
  /** Share of the runs that called an arm best that is not. */
  readonly wrong: Estimate
}

/** Some consecutive runs of one contender: what a thread is given at a time. */
export interface Task {
  /** Place among the contenders of the simulation. */
  readonly contender: number
  readonly firstRun: number
  readonly runs: number
}

/** Decisions in a task: enough to make handing it over cheap, few enough to show progress. */
const taskDecisions = 250_000
/** And few enough runs for any number of threads to have their share of them. */
const tasksAtLeast = 32

export function toTasks({ contenders, runs, checkpoints }: Simulation): Task[] {
  const few = Math.ceil(runs / tasksAtLeast)
  const size = Math.min(few, Math.max(1, Math.round(taskDecisions / checkpoints.at(-1)!)))
  const tasks: Task[] = []
  for (let firstRun = 0; firstRun < runs; firstRun += size) {
    for (const contender of contenders.keys()) {
      tasks.push({ contender, firstRun, runs: Math.min(size, runs - firstRun) })
    }
  }
  return tasks
}

/** A spread of checkpoints that shows the whole run: `steps` even ones and the powers of ten. */
export function evenCheckpoints(horizon: number, steps = 50): number[] {
  const even = Array.from({ length: steps }, (_, at) => Math.round(((at + 1) * horizon) / steps))
  const powers = Array.from({ length: 9 }, (_, at) => 10 ** (at + 1)).filter((power) => power < horizon)
  return [...new Set([...even, ...powers])].filter((at) => at >= 1).toSorted((a, b) => a - b)
}
