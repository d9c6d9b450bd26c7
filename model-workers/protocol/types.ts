/** The words of the Open Inference Protocol v2 as this project uses them on every wire. */

export const datatypes = [
  'BOOL',
  'UINT8',
  'UINT16',
  'UINT32',
  'UINT64',
  'INT8',
  'INT16',
  'INT32',
  'INT64',
  'FP16',
  'BF16',
  'FP32',
  'FP64',
  'BYTES',
] as const
export type Datatype = (typeof datatypes)[number]

/**
 * A tensor as it travels: row-major, little-endian bytes. BYTES elements are each a uint32 length and that many
 * bytes. Nothing is decoded on the way through; concatenating and splitting rows is copying bytes.
 */
export interface Tensor {
  readonly name: string
  readonly datatype: Datatype
  readonly shape: readonly number[]
  readonly bytes: Uint8Array
}

/** −1 stands for a free dimension. */
export interface TensorSpec {
  readonly name: string
  readonly datatype: Datatype
  readonly shape: readonly number[]
}

export interface ModelMetadata {
  readonly name: string
  readonly versions?: readonly string[]
  readonly platform: string
  readonly inputs: readonly TensorSpec[]
  readonly outputs: readonly TensorSpec[]
}

export type Parameters = Readonly<Record<string, string | number | boolean>>

export interface InferRequest {
  readonly id?: string
  readonly parameters?: Parameters
  readonly inputs: readonly Tensor[]
  /** Names of the outputs wanted; absent or empty = all. */
  readonly outputs?: readonly string[]
}

export interface InferResponse {
  readonly modelName: string
  readonly modelVersion?: string
  readonly id?: string
  readonly parameters?: Parameters
  readonly outputs: readonly Tensor[]
}
