import type { Tensor } from '../../model-workers/protocol/types.ts'
import type { EndpointRuntime } from '../endpoint-runtime.ts'
import { GatewayError } from '../errors.ts'
import { retryAfter } from '../http/retry-after.ts'
import { UpstreamError, type UpstreamFault } from '../upstream/errors.ts'
import { callerOf, type Patience } from './exact.ts'
import { clientGone, rejected, tooLate } from './failover.ts'
import { noUse } from './unusable.ts'

/**
 * From what a request brings to what the arms take, by the models that stand between. Nothing has been decided yet: what
 * fails here is no arm's fault, counts no pull, and there is nobody else to ask.
 *
 * @throws GatewayError preprocess_failed, unusable_answer, broken_answer, overloaded, deadline_exceeded, model_rejected_inputs,
 *   client_closed_request
 */
export async function runSteps(
  run: NonNullable<EndpointRuntime['steps']>['run'],
  { inputs, ...patience }: Patience & { readonly inputs: readonly Tensor[] },
  random: () => number,
): Promise<readonly Tensor[]> {
  try {
    return await run(inputs, patience.deadlineAt, callerOf(patience))
  } catch (error) {
    if (!(error instanceof UpstreamError)) throw error
    throw error.code === 'bad_output'
      ? noUse(inputs, [error], random)
      : toGatewayError(error.code, error, random)
  }
}

function toGatewayError(
  code: Exclude<UpstreamFault, 'bad_output'>,
  error: UpstreamError,
  random: () => number,
): GatewayError {
  switch (code) {
    case 'rejected':
      return rejected(error)
    case 'abandoned':
      return clientGone()
    case 'timeout':
      return tooLate(error, `${error.model} has not`)
    case 'overloaded':
      return new GatewayError('overloaded', 'its queue is full: send it again after Retry-After seconds', {
        headers: retryAfter(random),
        cause: error,
      })
    case 'unreachable': {
      const detail = `${error.model} has no answer now, and the arms need it: send it again after Retry-After seconds`
      return new GatewayError('preprocess_failed', detail, { headers: retryAfter(random), cause: error })
    }
  }
}
