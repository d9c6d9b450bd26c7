import { TensorFault } from '../../model-workers/protocol/faults.ts'
import { isHalf, readHalves } from '../../model-workers/protocol/half-floats.ts'
import { elementCount } from '../../model-workers/protocol/sizes.ts'
import type { Tensor } from '../../model-workers/protocol/types.ts'
import { isFixed, toStrings, toTypedArray } from '../../model-workers/protocol/views.ts'
import { GatewayError } from '../errors.ts'
import type { Fields } from '../http/fields.ts'
import type { Value } from '../pipeline/table.ts'

/**
 * Tensors of any datatype as fields: a value a row, or a scalar for all of them. NaN, which is how a table says that it
 * does not know, is null.
 *
 * @throws GatewayError malformed_inference
 */
export function toFields(inputs: readonly Tensor[]): Fields {
  return Object.fromEntries(inputs.map((input) => [input.name, toField(input)]))
}

function toField(tensor: Tensor): Value | readonly Value[] {
  const { name, shape } = tensor
  if (elementCount(shape.slice(1)) !== 1) {
    const detail = `"${name}" [${shape.join(', ')}] has several values a row: a field has one, so send [rows] or [rows, 1]`
    throw new GatewayError('malformed_inference', detail)
  }
  const values = toValues(tensor)
  return shape.length === 0 ? values[0]! : values
}

function toValues(tensor: Tensor): readonly Value[] {
  if (!isFixed(tensor)) return toTexts(tensor)
  if (tensor.datatype === 'BOOL') return Array.from(tensor.bytes, (byte) => byte !== 0)
  if (isHalf(tensor)) return Array.from(readHalves(tensor), toValue)
  return Array.from<number | bigint, Value>(toTypedArray(tensor), toValue)
}

/** Whole numbers that JSON would round become text, as keys are long numbers. */
function toValue(element: number | bigint): Value {
  if (typeof element === 'number') return Number.isNaN(element) ? null : element
  const number = Number(element)
  return Number.isSafeInteger(number) ? number : String(element)
}

function toTexts(tensor: Tensor): readonly string[] {
  try {
    return toStrings(tensor)
  } catch (cause) {
    if (!(cause instanceof TensorFault)) throw cause
    throw new GatewayError('malformed_inference', `"${tensor.name}": ${cause.message}`, { cause })
  }
}
