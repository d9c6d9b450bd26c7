import { elementCount } from '../../../model-workers/protocol/rows.ts'
import { isHalf, readHalves } from '../../../model-workers/protocol/half-floats.ts'
import type { Tensor } from '../../../model-workers/protocol/types.ts'
import { isFixed, toStrings, toTypedArray } from '../../../model-workers/protocol/views.ts'

/** What is watched of a prediction: a tensor's rows, or one column of them. */
export interface Signal {
  /** As it was written: `pixels`, `probabilities[3]`. */
  readonly name: string
  readonly side: 'input' | 'output'
  readonly tensor: string
  /** Counted within a row; absent = the row itself, or the mean of its numbers where it has several. */
  readonly column: number | undefined
}

/** A number is compared by where it lies, text and truth by what they are; whole numbers by either. */
export type Value = number | string

const pattern = /^([^[\]]+)(?:\[(\d{1,9})\])?$/

/** Undefined where it is neither a name nor a name and a column. */
export function parseSignal(text: string, side: Signal['side']): Signal | undefined {
  const [, tensor, column] = pattern.exec(text) ?? []
  if (tensor === undefined) return undefined
  return { name: text, side, tensor, column: column === undefined ? undefined : Number(column) }
}

/** The value in one row of a tensor; `uniform` in [0, 1) picks the row. Undefined where there is none. */
export function valueInTensor(tensor: Tensor, { column }: Signal, uniform: number): Value | undefined {
  const rows = tensor.shape[0] ?? 1
  const width = tensor.shape.length > 1 ? elementCount(tensor.shape.slice(1)) : 1
  if (rows === 0 || width === 0 || (column ?? 0) >= width) return undefined
  const start = Math.floor(uniform * rows) * width
  if (!isFixed(tensor)) return toStrings(tensor)[start + (column ?? 0)]
  const array = isHalf(tensor) ? readHalves(tensor) : toTypedArray(tensor)
  if (column === undefined && width > 1) return meanOf(array, start, start + width)
  const value = array[start + (column ?? 0)]
  return tensor.datatype === 'BOOL' ? String(value !== 0) : Number(value)
}

function meanOf(array: ArrayLike<number | bigint>, start: number, end: number): number {
  let sum = 0
  for (let at = start; at < end; at++) sum += Number(array[at])
  return sum / (end - start)
}

/** The same of an output as the client gets it: nested lists, the outermost of rows. */
export function valueInOutput(output: unknown, { column }: Signal, uniform: number): Value | undefined {
  const row: unknown = Array.isArray(output) ? output[Math.floor(uniform * output.length)] : output
  if (!Array.isArray(row)) return column === undefined || column === 0 ? toValue(row) : undefined
  const flat: readonly unknown[] = row.some(Array.isArray) ? row.flat(Infinity) : row
  if (column !== undefined) return toValue(flat[column])
  if (flat.length === 1) return toValue(flat[0])
  let sum = 0
  for (const value of flat) {
    if (typeof value !== 'number') return undefined
    sum += value
  }
  return flat.length === 0 ? undefined : sum / flat.length
}

function toValue(value: unknown): Value | undefined {
  if (typeof value === 'number' || typeof value === 'string') return value
  if (typeof value === 'boolean') return String(value)
  return typeof value === 'bigint' ? Number(value) : undefined
}
