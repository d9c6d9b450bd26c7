import type { TensorSpec } from '../../model-workers/protocol/types.ts'
import type { EndpointRuntime } from '../endpoint-runtime.ts'
import { toFieldSpecs } from '../pipeline/describe-fields.ts'

export interface Signature {
  readonly inputs: readonly TensorSpec[]
  readonly outputs: readonly TensorSpec[]
}

/** What an endpoint takes and answers as a model, or one of its arms does; undefined until its models have said so. */
export function signatureOf(
  { pipeline, inputs, outputs }: EndpointRuntime,
  arm?: string,
): Signature | undefined {
  const [takes, answers] = [inputs(), outputs(arm) ?? outputs()]
  if (takes === undefined || answers === undefined) return undefined
  const before = pipeline?.before
  return {
    inputs: before === undefined ? takes : toFieldSpecs(before.fields),
    outputs: pipeline?.after?.describe(answers) ?? answers,
  }
}
