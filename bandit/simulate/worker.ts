import { parentPort, workerData } from 'node:worker_threads'
import type { Simulation, Task } from './simulation.ts'
import { playTask } from './task.ts'

/** A thread of a simulation: every task that comes in is answered with its results. */
parentPort!.on('message', (task: Task) => {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a browser's window
  parentPort!.postMessage(playTask(workerData as Simulation, task))
})
