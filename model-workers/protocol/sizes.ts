import type { Datatype } from './types.ts'

export type FixedDatatype = Exclude<Datatype, 'BYTES'>

const sizes: Readonly<Record<FixedDatatype, number>> = {
  BOOL: 1,
  UINT8: 1,
  UINT16: 2,
  UINT32: 4,
  UINT64: 8,
  INT8: 1,
  INT16: 2,
  INT32: 4,
  INT64: 8,
  FP16: 2,
  BF16: 2,
  FP32: 4,
  FP64: 8,
}

/** Undefined for BYTES, whose elements each have their own length. */
export function bytesPerElement(datatype: FixedDatatype): number
export function bytesPerElement(datatype: Datatype): number | undefined
export function bytesPerElement(datatype: Datatype): number | undefined {
  return datatype === 'BYTES' ? undefined : sizes[datatype]
}

/** Product of the dimensions; 1 for a scalar. Exact up to 2^53, never wraps beyond. */
export function elementCount(shape: readonly number[]): number {
  let count = 1
  for (const dimension of shape) count *= dimension
  return count
}

export const maxDimensions = 8
/** Bytes of one tensor, and the bound of each dimension: what fits a signed 32-bit length everywhere. */
export const maxSize = 2 ** 31 - 1
