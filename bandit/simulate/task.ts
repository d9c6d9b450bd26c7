import { playRun, type RunResult } from './run.ts'
import type { Simulation, Task } from './simulation.ts'

export function playTask(simulation: Simulation, { contender, firstRun, runs }: Task): RunResult[] {
  const { world, contenders, seed, checkpoints, stop } = simulation
  return Array.from({ length: runs }, (_, index) =>
    playRun({ world, contender: contenders[contender]!, seed, run: firstRun + index, checkpoints, stop }),
  )
}
