import { elementFault } from './element-fault.ts'
import { createSink } from './elements.ts'
import { toJsonInteger } from './exact-integers.ts'
import { TensorFault } from './faults.ts'
import { isHalf, readHalves } from './half-floats.ts'
import { readNesting, settleShape } from './json-shape.ts'
import { elementCount } from './sizes.ts'
import type { Tensor, TensorSpec } from './types.ts'
import { isFixed, toStrings, toTypedArray } from './views.ts'

/**
 * The tensor that `value`, as parsed from JSON, stands for under `spec`.
 *
 * `value` is a list nested to the spec's shape, a flat list of all elements (of whole rows, when the first
 * dimension is free), or one scalar. Floats must be finite and in range, integers whole and in range; INT64 and
 * UINT64 also come as strings of digits, BOOL also as 0 and 1, BYTES as strings. Nothing else is coerced.
 *
 * @param shape declared by the sender: −1 is not allowed in it, and it must fit both the spec and the value
 * @throws TensorFault
 */
export function tensorFromJson(spec: TensorSpec, value: unknown, shape?: readonly number[]): Tensor {
  const nesting = readNesting(spec, value)
  const settled = settleShape(spec, nesting, shape)
  const sink = createSink(spec.datatype, elementCount(settled))
  let taken = 0
  const take = (list: readonly unknown[], depth: number): void => {
    if (depth < nesting.length) {
      for (const inner of list) take(inner as readonly unknown[], depth + 1)
      return
    }
    const bad = sink.add(list)
    if (bad >= 0) throw elementFault(spec.name, spec.datatype, list[bad], pointerTo(taken + bad, nesting))
    taken += list.length
  }
  take(nesting.length === 0 ? [value] : (value as readonly unknown[]), 1)
  return { name: spec.name, datatype: spec.datatype, shape: settled, bytes: sink.bytes() }
}

/**
 * The tensor's elements in lists nested by its shape, ready for JSON.stringify: 64-bit integers beyond 2^53 are
 * raw JSON numbers with all their digits.
 *
 * @throws TensorFault for infinities, NaN and text that is not UTF-8, which JSON has no words for
 */
export function tensorToJson(tensor: Tensor): unknown {
  let level: unknown[] = elementsToJson(tensor)
  if (tensor.shape.length === 0) return level[0]
  for (let axis = tensor.shape.length - 1; axis > 0; axis--) {
    level = chunk(level, tensor.shape[axis]!, elementCount(tensor.shape.slice(0, axis)))
  }
  return level
}

/** As tensorToJson, in one flat list. */
export function elementsToJson(tensor: Tensor): unknown[] {
  if (!isFixed(tensor)) return toStrings(tensor)
  if (tensor.datatype === 'BOOL') return Array.from(tensor.bytes, (byte) => byte !== 0)
  if (isHalf(tensor)) return Array.from(readHalves(tensor), (value, i) => checkFinite(tensor, value, i))
  const elements = toTypedArray(tensor)
  // By index, as Array.from asks an iterator for each.
  const list: unknown[] = []
  if (elements instanceof BigInt64Array || elements instanceof BigUint64Array) {
    for (let i = 0; i < elements.length; i++) list.push(toJsonInteger(elements[i]!))
  } else if (elements instanceof Float32Array || elements instanceof Float64Array) {
    for (let i = 0; i < elements.length; i++) list.push(checkFinite(tensor, elements[i]!, i))
  } else {
    for (let i = 0; i < elements.length; i++) list.push(elements[i]!)
  }
  return list
}

function checkFinite(tensor: Tensor, value: number, index: number): number {
  if (Number.isFinite(value)) return value
  const pointer = pointerTo(index, tensor.shape)
  throw new TensorFault(
    'out_of_range',
    pointer,
    `"${tensor.name}" at ${pointer || 'its root'}: ${value} cannot be written in JSON: ask for binary output`,
  )
}

function chunk(list: readonly unknown[], size: number, count: number): unknown[] {
  const chunks: unknown[] = []
  for (let i = 0; i < count; i++) chunks.push(list.slice(i * size, (i + 1) * size))
  return chunks
}

function pointerTo(index: number, lengths: readonly number[]): string {
  let pointer = ''
  let rest = index
  for (let axis = lengths.length - 1; axis >= 0; axis--) {
    const length = lengths[axis]!
    pointer = `/${rest % length}${pointer}`
    rest = Math.floor(rest / length)
  }
  return pointer
}
