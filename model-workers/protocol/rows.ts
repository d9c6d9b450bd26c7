import { skipStrings } from './byte-strings.ts'
import { TensorFault } from './faults.ts'
import { bytesPerElement, elementCount } from './sizes.ts'
import type { Tensor } from './types.ts'

export { bytesPerElement, elementCount } from './sizes.ts'

/** Length of the first dimension; a scalar is one row. */
export function rowCount(tensor: Tensor): number {
  return tensor.shape[0] ?? 1
}

/**
 * All rows of `tensors`, in order, as one tensor. They must agree in name, datatype and every dimension but the
 * first. Copies bytes once; a single tensor is returned as it is.
 *
 * @throws TensorFault
 */
export function concatenateRows(tensors: readonly Tensor[]): Tensor {
  const [first] = tensors
  if (first === undefined)
    throw new TensorFault('wrong_shape', '', 'found no tensors to join, expected at least one')
  if (tensors.length === 1) return first
  let rows = 0
  for (const tensor of tensors) {
    if (!joins(first, tensor)) {
      throw new TensorFault(
        'wrong_shape',
        '',
        `rows of ${describe(tensor)} cannot follow rows of ${describe(first)}: only the first dimension may differ`,
      )
    }
    rows += tensor.shape[0]!
  }
  return {
    name: first.name,
    datatype: first.datatype,
    shape: [rows, ...first.shape.slice(1)],
    bytes: Buffer.concat(tensors.map((tensor) => tensor.bytes)),
  }
}

/**
 * `count` rows from row `start` on, as a view of the same bytes.
 *
 * @throws TensorFault when the tensor has no such rows
 */
export function sliceRows(tensor: Tensor, start: number, count: number): Tensor {
  const [rows, ...rest] = tensor.shape
  if (rows === undefined || start < 0 || count < 0 || start + count > rows) {
    throw new TensorFault(
      'wrong_shape',
      '',
      `rows ${start} to ${start + count} were asked of ${describe(tensor)}, which has not as many`,
    )
  }
  const rowSize = elementCount(rest)
  return {
    ...tensor,
    shape: [count, ...rest],
    bytes: sliceElements(tensor, start * rowSize, count * rowSize),
  }
}

function sliceElements(tensor: Tensor, start: number, count: number): Uint8Array {
  const size = bytesPerElement(tensor.datatype)
  if (size !== undefined) return tensor.bytes.subarray(start * size, (start + count) * size)
  const from = skipStrings(tensor.bytes, 0, start)
  const to = from === undefined ? undefined : skipStrings(tensor.bytes, from, count)
  if (to === undefined) {
    throw new TensorFault('wrong_shape', '', `the bytes of ${describe(tensor)} end before its last element`)
  }
  return tensor.bytes.subarray(from, to)
}

function joins(first: Tensor, next: Tensor): boolean {
  return (
    next.name === first.name &&
    next.datatype === first.datatype &&
    next.shape.length === first.shape.length &&
    next.shape.length > 0 &&
    next.shape.every((dimension, axis) => axis === 0 || dimension === first.shape[axis])
  )
}

function describe(tensor: Tensor): string {
  return `"${tensor.name}" (${tensor.datatype} [${tensor.shape.join(', ')}])`
}
