import { concatenateRows, sliceRows } from '../../../model-workers/protocol/rows.ts'
import type { ModelMetadata, Tensor } from '../../../model-workers/protocol/types.ts'
import { endsAt, type Job } from './job.ts'

/** The jobs that one replica computes together. */
export interface Batch {
  readonly jobs: readonly Job[]
  readonly rows: number
  /** The latest deadline among them: from then on nobody waits for the batch, or it hangs. */
  readonly deadlineAt: number
  readonly abort: AbortController
}

export function toBatch(jobs: readonly Job[], now: number): Batch {
  let rows = 0
  let deadlineAt = -Infinity
  for (const job of jobs) {
    rows += job.rows
    deadlineAt = Math.max(deadlineAt, endsAt(job, now))
  }
  return { jobs, rows, deadlineAt, abort: new AbortController() }
}

/** Whether rows of several calls may share one: the first dimension of every input and output is free. */
export function isBatchable({ inputs, outputs }: ModelMetadata): boolean {
  return [...inputs, ...outputs].every(({ shape }) => shape[0] === -1)
}

/** Rows that `inputs` bring to a batch; 0 when they do not agree on a number. */
export function rowsOf(inputs: readonly Tensor[]): number {
  const rows = inputs[0]?.shape[0] ?? 0
  return hasRows(inputs, rows) ? rows : 0
}

export function hasRows(tensors: readonly Tensor[], rows: number): boolean {
  return tensors.every(({ shape }) => shape[0] === rows)
}

/** Whether `job` may share the batch of `first`: the same inputs, differing in nothing but their rows. */
export function canShare(first: Job, job: Job): boolean {
  if (first.alone || job.alone || first.rows === 0 || job.rows === 0) return false
  if (first.inputs.length !== job.inputs.length) return false
  return first.inputs.every((input, i) => sameButRows(input, job.inputs[i]!))
}

function sameButRows(a: Tensor, b: Tensor): boolean {
  if (a.name !== b.name || a.datatype !== b.datatype || a.shape.length !== b.shape.length) return false
  for (let axis = 1; axis < a.shape.length; axis++) if (a.shape[axis] !== b.shape[axis]) return false
  return true
}

/** The inputs of all jobs as those of one call, in the order of the jobs. */
export function joinInputs(jobs: readonly Job[]): readonly Tensor[] {
  const { inputs } = jobs[0]!
  if (jobs.length === 1) return inputs
  return inputs.map((_, i) => concatenateRows(jobs.map((job) => job.inputs[i]!)))
}

/** Each job's own rows of `outputs`, whose first dimension is the rows of all jobs together. */
export function splitOutputs(jobs: readonly Job[], outputs: readonly Tensor[]): (readonly Tensor[])[] {
  if (jobs.length === 1) return [outputs]
  let at = 0
  return jobs.map(({ rows }) => {
    const start = at
    at += rows
    return outputs.map((output) => sliceRows(output, start, rows))
  })
}
