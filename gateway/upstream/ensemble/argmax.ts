import { elementCount } from '../../../model-workers/protocol/sizes.ts'
import type { Tensor } from '../../../model-workers/protocol/types.ts'
import { isFloat, readFloats } from './floats.ts'

/** An integer output that is to say, row by row, where along the last axis a float output is largest. */
export interface Argmax {
  readonly output: string
  readonly over: string
}

/** `outputs` with that one set; of equal elements the first counts. Answers in words why it cannot be. */
export function setArgmax(outputs: readonly Tensor[], { output, over }: Argmax): readonly Tensor[] | string {
  const scores = outputs.find(({ name }) => name === over)
  const target = outputs.find(({ name }) => name === output)
  if (scores === undefined || !isFloat(scores)) return `"${over}" is not a float output`
  if (target === undefined) return `there is no output "${output}"`
  const positions = largestPerRow(readFloats(scores), scores.shape.at(-1) ?? 1)
  if (elementCount(target.shape) !== positions.length) return `"${output}" has not one element for each row`
  const bytes = writeIntegers(target.datatype, positions)
  if (bytes === undefined) return `"${output}" is not an integer output`
  return outputs.map((one) => (one === target ? { ...target, bytes } : one))
}

/** Places of the largest elements, the first of equals, one a row of `width` elements. */
export function largestPerRow(scores: Float64Array, width: number): number[] {
  const positions: number[] = []
  for (let start = 0; start < scores.length; start += width) {
    let largest = start
    for (let i = start + 1; i < start + width; i++) if (scores[i]! > scores[largest]!) largest = i
    positions.push(largest - start)
  }
  return positions
}

function writeIntegers(datatype: Tensor['datatype'], values: readonly number[]): Uint8Array | undefined {
  const write = writers[datatype]
  return write && new Uint8Array(write(values).buffer)
}

const writers: Partial<Record<Tensor['datatype'], (values: readonly number[]) => { buffer: ArrayBuffer }>> = {
  INT8: (values) => Int8Array.from(values),
  INT16: (values) => Int16Array.from(values),
  INT32: (values) => Int32Array.from(values),
  INT64: (values) => BigInt64Array.from(values, BigInt),
  UINT8: (values) => Uint8Array.from(values),
  UINT16: (values) => Uint16Array.from(values),
  UINT32: (values) => Uint32Array.from(values),
  UINT64: (values) => BigUint64Array.from(values, BigInt),
}
