import { decodeStrings } from './byte-strings.ts'
import { bytesPerElement, type FixedDatatype } from './sizes.ts'
import type { Tensor } from './types.ts'

const arrays = {
  BOOL: Uint8Array,
  UINT8: Uint8Array,
  UINT16: Uint16Array,
  UINT32: Uint32Array,
  UINT64: BigUint64Array,
  INT8: Int8Array,
  INT16: Int16Array,
  INT32: Int32Array,
  INT64: BigInt64Array,
  FP16: Uint16Array,
  BF16: Uint16Array,
  FP32: Float32Array,
  FP64: Float64Array,
} as const satisfies Record<FixedDatatype, unknown>

export type TypedArray = InstanceType<(typeof arrays)[FixedDatatype]>

/** A tensor that is not BYTES. */
export type FixedTensor = Tensor & { readonly datatype: FixedDatatype }

export function isFixed(tensor: Tensor): tensor is FixedTensor {
  return tensor.datatype !== 'BYTES'
}

/** The elements as the host's numbers (FP16 and BF16 as their bits), without copying where the bytes lie aligned. */
export function toTypedArray(tensor: FixedTensor): TypedArray {
  const size = bytesPerElement(tensor.datatype)
  const bytes = tensor.bytes.byteOffset % size === 0 ? tensor.bytes : new Uint8Array(tensor.bytes)
  return new arrays[tensor.datatype](bytes.buffer as ArrayBuffer, bytes.byteOffset, bytes.byteLength / size)
}

/** The elements of a BYTES tensor as text; throws a TensorFault when one is not UTF-8. */
export function toStrings(tensor: Tensor): string[] {
  return decodeStrings(tensor.bytes)
}
