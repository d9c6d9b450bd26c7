import { extname, join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { Worker } from 'node:worker_threads'
import type { RunResult } from './run.ts'
import { type ContenderResult, type Simulation, type Task, toTasks } from './simulation.ts'
import { createTally } from './tally.ts'
import { playTask } from './task.ts'

/** By the ending that this file has itself: the package holds JavaScript. */
const worker = join(import.meta.dirname, `worker${extname(import.meta.filename)}`)

export interface SimulateOptions {
  /** Threads that play; with 1 it is this one. */
  readonly cores: number
  /** Called after each task with the number of decisions played so far, and of all there are. */
  readonly onProgress?: (played: number, total: number) => void
}

/** Plays every run of every contender. The same simulation has the same results on any number of cores. */
export async function simulate(
  simulation: Simulation,
  { cores, onProgress }: SimulateOptions,
): Promise<ContenderResult[]> {
  const tasks = toTasks(simulation)
  const tally = createTally(simulation)
  const horizon = simulation.checkpoints.at(-1)!
  const total = horizon * simulation.runs * simulation.contenders.length
  let played = 0
  const finish = (task: Task, results: readonly RunResult[]): void => {
    tally.add(task, results)
    played += task.runs * horizon
    onProgress?.(played, total)
  }
  if (cores === 1) await playHere(simulation, tasks, finish)
  else await playOnThreads(simulation, tasks, Math.min(cores, tasks.length), finish)
  return tally.results()
}

type Finish = (task: Task, results: readonly RunResult[]) => void

async function playHere(simulation: Simulation, tasks: readonly Task[], finish: Finish): Promise<void> {
  for (const task of tasks) {
    finish(task, playTask(simulation, task))
    // Lets timers and signals have their turn.
    await setImmediate()
  }
}

async function playOnThreads(
  simulation: Simulation,
  tasks: readonly Task[],
  threads: number,
  finish: Finish,
): Promise<void> {
  const waiting = tasks.values()
  const workers = Array.from({ length: threads }, () => new Worker(worker, { workerData: simulation }))
  try {
    await Promise.all(workers.map((worker) => keepBusy(worker, waiting, finish)))
  } finally {
    await Promise.all(workers.map((worker) => worker.terminate()))
  }
}

/** Hands the worker one task after the other, until there is none left. */
function keepBusy(worker: Worker, waiting: Iterator<Task>, finish: Finish): Promise<void> {
  return new Promise((resolve, reject) => {
    let task: Task | undefined
    const handOver = (): void => {
      const next = waiting.next()
      if (next.done === true) return resolve()
      task = next.value
      // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a browser's window
      worker.postMessage(task)
    }
    worker.on('message', (results: readonly RunResult[]) => {
      finish(task!, results)
      handOver()
    })
    worker.on('error', reject)
    worker.on('exit', () => reject(new Error('A thread of the simulation has ended early')))
    handOver()
  })
}
