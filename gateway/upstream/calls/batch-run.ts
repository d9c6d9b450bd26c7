import type { Tensor, TensorSpec } from '../../../model-workers/protocol/types.ts'
import { type Batch, hasRows, joinInputs, splitOutputs } from './batch.ts'
import type { ReplicaClient } from '../replicas/client.ts'
import { UpstreamError } from '../errors.ts'
import { outputWithNaN, pickOutputs } from '../output-check.ts'
import type { BatchTrace } from '../tracer.ts'

/** A job's own outputs, or what is wrong with them. */
export type Answer = readonly Tensor[] | UpstreamError

/** inseparable: the outputs are not row by row those of the inputs, so that nobody can tell whose they are. */
export type BatchOutcome =
  | {
      readonly status: 'answered'
      readonly answers: readonly Answer[]
      /** Of the model, as the replica calls it. */
      readonly version: string | undefined
    }
  | { readonly status: 'inseparable' }
  | { readonly status: 'failed'; readonly error: Error }

/** Computes one batch on one replica; never rejects. A fault that is not an UpstreamError is a mistake of ours. */
export async function runBatch(
  model: string,
  specs: readonly TensorSpec[],
  client: ReplicaClient,
  { jobs, rows, deadlineAt, abort }: Batch,
  now: number,
  headers?: BatchTrace['headers'],
): Promise<BatchOutcome> {
  try {
    const inputs = joinInputs(jobs)
    const timeoutMs = Math.max(1, Math.ceil(deadlineAt - now))
    const response = await client.infer({ inputs }, abort.signal, timeoutMs, headers)
    const outputs = pickOutputs(model, specs, response.outputs)
    if (jobs.length > 1 && !hasRows(outputs, rows)) return { status: 'inseparable' }
    const answers = splitOutputs(jobs, outputs).map((own) => checked(model, own))
    return { status: 'answered', answers, version: response.modelVersion }
  } catch (error) {
    return { status: 'failed', error: error as Error }
  }
}

function checked(model: string, outputs: readonly Tensor[]): Answer {
  const broken = outputWithNaN(outputs)
  return broken === undefined
    ? outputs
    : new UpstreamError('bad_output', model, `${model} answered NaN in its output "${broken}"`, {
        isOfValues: true,
      })
}
