import { isHalf, readHalves } from '../../model-workers/protocol/half-floats.ts'
import type { Tensor } from '../../model-workers/protocol/types.ts'
import { GatewayError } from '../errors.ts'
import type { UpstreamError } from '../upstream/errors.ts'
import { isFloat, readFloats } from '../upstream/ensemble/floats.ts'

/**
 * Whoever was asked has answered, and nobody with a number. That is nothing that waiting would mend, and no sign of too
 * much to do: the inputs are to blame where they hold what is no number themselves, and else nobody can tell.
 */
export function unusable(inputs: readonly Tensor[], cause: UpstreamError): GatewayError {
  if (inputs.some(holdsNoNumber)) {
    const detail = 'the inputs hold NaN or ±Inf, to which no model has an answer: send numbers'
    return new GatewayError('model_rejected_inputs', detail, { pointer: '/inputs', cause })
  }
  const detail =
    'what came of these inputs is NaN, or nothing that can be answered: send other inputs, or tell the operator'
  return new GatewayError('unusable_answer', detail, { cause })
}

function holdsNoNumber(tensor: Tensor): boolean {
  if (isHalf(tensor)) return readHalves(tensor).some(isNoNumber)
  return isFloat(tensor) && readFloats(tensor).some(isNoNumber)
}

const isNoNumber = (value: number): boolean => !Number.isFinite(value)
