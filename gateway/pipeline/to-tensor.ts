import { createSink } from '../../model-workers/protocol/elements.ts'
import { elementCount } from '../../model-workers/protocol/sizes.ts'
import type { Tensor, TensorSpec } from '../../model-workers/protocol/types.ts'
import { GatewayError } from '../errors.ts'
import { expected, toNumbers, toTexts, type Column, type Heading } from './column.ts'
import type { FieldsByName } from './step.ts'
import type { Table } from './table.ts'

/** Why columns with these headings cannot be a tensor of that kind; undefined where they can. */
export function tensorMisfit(
  { name, datatype, shape }: TensorSpec,
  headings: readonly Heading[],
): string | undefined {
  const width = elementCount(shape.slice(1).map((dimension) => Math.max(1, dimension)))
  const isFree = shape.slice(1).includes(-1)
  if (shape.length === 0) return `"${name}" is a scalar, and rows are made for it`
  if (isFree ? headings.length % width !== 0 : headings.length !== width) {
    return `"${name}" takes ${width} columns, and the steps make ${headings.length}`
  }
  const text = headings.find(({ kind }) => kind === 'text')
  if (text !== undefined && datatype !== 'BYTES')
    return `"${name}" takes ${datatype}, and ${text.name} is text`
  return undefined
}

/**
 * The columns beside each other, row by row.
 *
 * @throws GatewayError invalid_input when a value is not of the tensor's type
 */
export function toTensor(
  { name, datatype, shape }: TensorSpec,
  columns: readonly Column[],
  { rows, fields }: Table,
): Tensor {
  const values = columns.map((column) => toElements(column, datatype === 'BYTES', fields))
  const width = columns.length
  const elements = Array.from<unknown>({ length: rows * width })
  for (const [at, column] of values.entries()) {
    for (let row = 0; row < rows; row++) elements[row * width + at] = column[row]
  }
  const sink = createSink(datatype, elements.length)
  const bad = sink.add(isFloat(datatype) ? elements.map(standIn) : elements)
  if (bad >= 0) {
    const column = columns[bad % width]!
    const row = Math.floor(bad / width)
    throw expected(
      `what becomes ${datatype} in "${name}"`,
      column.name,
      row,
      fields.get(column.name),
      elements[bad] ?? null,
    )
  }
  const bytes = sink.bytes()
  if (isFloat(datatype)) writeMissing(bytes, elements, datatype)
  return { name, datatype, shape: settle(shape, rows, width, name), bytes }
}

type Float = 'FP16' | 'FP32' | 'FP64'

function isFloat(datatype: string): datatype is Float {
  return datatype === 'FP32' || datatype === 'FP64' || datatype === 'FP16'
}

function toElements(column: Column, asText: boolean, fields: FieldsByName): ArrayLike<unknown> {
  return asText ? toTexts(column) : toNumbers(column, fields.get(column.name))
}

/** The sink takes no NaN from a client; here it is what a block was asked to keep. */
function standIn(element: unknown): unknown {
  return Number.isNaN(element) ? 0 : element
}

function writeMissing(bytes: Uint8Array, elements: readonly unknown[], datatype: Float): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  for (const [at, element] of elements.entries()) {
    if (!Number.isNaN(element)) continue
    if (datatype === 'FP32') view.setFloat32(at * 4, NaN, true)
    else if (datatype === 'FP64') view.setFloat64(at * 8, NaN, true)
    else view.setFloat16(at * 2, NaN, true)
  }
}

function settle(shape: readonly number[], rows: number, width: number, name: string): number[] {
  const [first = -1, ...rest] = shape
  if (first !== -1 && first !== rows) {
    throw new GatewayError('row_mismatch', `"${name}" takes ${first} rows at once: send as many`, {
      pointer: '/inputs',
    })
  }
  let left = width / elementCount(rest.map((dimension) => Math.max(1, dimension)))
  const settled = rest.map((dimension) => {
    if (dimension !== -1) return dimension
    const free = left
    left = 1
    return free
  })
  return [rows, ...settled]
}
