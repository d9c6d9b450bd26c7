import { setImmediate as nextTurn } from 'node:timers/promises'
import { InferenceSession, Tensor, type Session, type SessionValue } from '../../model-workers/onnxruntime.ts'
import type { Example } from './example.ts'
import type { PlannedRequest } from './stream.ts'

export interface OracleInputs {
  readonly example: Pick<Example, 'models' | 'committee'>
  readonly requests: Iterable<PlannedRequest>
  readonly total: number
  readonly signal: AbortSignal
}

/** What every arm says, or would have said, to every request: label by index, and the truth. */
export interface Oracle {
  readonly labels: ReadonlyMap<string, Uint8Array>
  readonly truth: Uint8Array
}

/** Name of the arm whose answer is the mean of its members' probabilities. */
const committeeArm = 'committee'
const batchSize = 250
const classes = 10

/** Runs all models on all images, in this process and past the gateway. */
export const consultModels = async ({ example, requests, total, signal }: OracleInputs): Promise<Oracle> => {
  const sessions = await openSessions(example.models)
  const labels = new Map([...sessions.keys(), committeeArm].map((arm) => [arm, new Uint8Array(total)]))
  const truth = new Uint8Array(total)
  try {
    for (const batch of inBatches(requests, batchSize)) {
      const from = batch[0]!.index
      truth.set(
        batch.map(({ label }) => label),
        from,
      )
      const pixels = new Tensor(
        'float32',
        batch.flatMap((request) => request.pixels),
        [batch.length, 64],
      )
      const committee = new Float64Array(batch.length * classes)
      for (const [name, session] of sessions) {
        const answer = await session.run({ pixels })
        labels.get(name)!.set(toLabels(answer['label']), from)
        if (example.committee.includes(name)) addTo(committee, toProbabilities(answer['probabilities']))
        // run() holds the thread: let signals and the display through between two of them.
        await nextTurn(undefined, { signal })
      }
      labels.get(committeeArm)!.set(greatestByRow(committee), from)
    }
  } finally {
    await Promise.all([...sessions.values()].map((session) => session.release()))
  }
  return { labels, truth }
}

const openSessions = async (models: ReadonlyMap<string, string>): Promise<Map<string, Session>> => {
  const options = { intraOpNumThreads: 2, logSeverityLevel: 3 } as const
  const opened = await Promise.all(
    [...models].map(async ([name, path]) => [name, await InferenceSession.create(path, options)] as const),
  )
  return new Map(opened)
}

function* inBatches<T>(items: Iterable<T>, size: number): Generator<readonly T[], void> {
  let batch: T[] = []
  for (const item of items) {
    if (batch.push(item) < size) continue
    yield batch
    batch = []
  }
  if (batch.length > 0) yield batch
}

const toLabels = (output: SessionValue | undefined): number[] => {
  if (!(output?.data instanceof BigInt64Array))
    throw new Error('A model of the example has no INT64 output "label"')
  return Array.from(output.data, Number)
}

const toProbabilities = (output: SessionValue | undefined): Float32Array => {
  if (!(output?.data instanceof Float32Array)) {
    throw new Error('A model of the example has no FP32 output "probabilities"')
  }
  return output.data
}

const addTo = (sums: Float64Array, values: Float32Array): void => {
  for (let at = 0; at < sums.length; at++) sums[at]! += values[at]!
}

/** The greatest sum is the greatest mean: all rows have the same number of members. */
const greatestByRow = (sums: Float64Array): number[] =>
  Array.from({ length: sums.length / classes }, (_, row) => {
    const values = sums.subarray(row * classes, (row + 1) * classes)
    return values.indexOf(Math.max(...values))
  })
