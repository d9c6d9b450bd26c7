import { isHalf, readHalves } from '../../model-workers/protocol/half-floats.ts'
import type { Tensor } from '../../model-workers/protocol/types.ts'
import { GatewayError } from '../errors.ts'
import { retryAfter } from '../http/retry-after.ts'
import type { UpstreamError } from '../upstream/errors.ts'
import { isFloat, readFloats } from '../upstream/ensemble/floats.ts'

/**
 * Whoever was asked has answered, and nobody with a number. That is nothing that waiting would mend, and no sign of too
 * much to do: the inputs are to blame where they hold what is no number themselves, and else nobody can tell.
 */
function unusable(inputs: readonly Tensor[], cause: UpstreamError): GatewayError {
  if (inputs.some(holdsNoNumber)) {
    const detail = 'the inputs hold NaN or ±Inf, to which no model has an answer: send numbers'
    return new GatewayError('model_rejected_inputs', detail, { pointer: '/inputs', cause })
  }
  const detail =
    'what came of these inputs is NaN, or nothing that can be answered: send other inputs, or tell the operator'
  return new GatewayError('unusable_answer', detail, { cause })
}

/**
 * Every arm that was asked has answered nonsense. A server may fail over inputs that it has not reckoned with as well as for
 * want of anything, so that here, too, one client's requests must be no load, and no arm's fault.
 */
export function noUse(
  inputs: readonly Tensor[],
  faults: readonly UpstreamError[],
  random: () => number,
): GatewayError {
  const [cause] = faults
  if (faults.every(({ isOfValues }) => isOfValues)) return unusable(inputs, cause!)
  const detail =
    'no model that was asked gave an answer that can be read: send it again after Retry-After seconds, or tell the operator'
  return new GatewayError('broken_answer', detail, { headers: retryAfter(random), cause })
}

function holdsNoNumber(tensor: Tensor): boolean {
  if (isHalf(tensor)) return readHalves(tensor).some(isNoNumber)
  return isFloat(tensor) && readFloats(tensor).some(isNoNumber)
}

const isNoNumber = (value: number): boolean => !Number.isFinite(value)
