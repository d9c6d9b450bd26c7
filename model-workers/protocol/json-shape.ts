import { elementFault } from './element-fault.ts'
import { TensorFault } from './faults.ts'
import { bytesPerElement, elementCount, maxDimensions, maxSize } from './sizes.ts'
import type { TensorSpec } from './types.ts'

/**
 * Lengths of the lists that `value` is nested in, outermost first; [] for a single element. Throws a TensorFault
 * unless every list at a level is equally long, so that the product can be trusted before room is taken.
 */
export function readNesting(spec: TensorSpec, value: unknown): number[] {
  if (value === undefined || value === null || (typeof value === 'object' && !Array.isArray(value))) {
    throw elementFault(spec.name, spec.datatype, value, '')
  }
  const lengths: number[] = []
  for (let level = value; Array.isArray(level); level = level[0]) {
    if (lengths.push(level.length) > maxDimensions) {
      throw new TensorFault(
        'wrong_shape',
        '',
        `"${spec.name}": nested deeper than ${maxDimensions} dimensions`,
      )
    }
  }
  if (lengths.length > 1) checkEven(spec, value as readonly unknown[], lengths, 0, '')
  return lengths
}

function checkEven(
  spec: TensorSpec,
  list: readonly unknown[],
  lengths: readonly number[],
  level: number,
  pointer: string,
): void {
  const expected = lengths[level + 1]
  for (let i = 0; i < list.length; i++) {
    const inner = list[i]
    if (!Array.isArray(inner) || inner.length !== expected) {
      const at = `${pointer}/${i}`
      const found = Array.isArray(inner) ? `a list of ${inner.length}` : 'a single element'
      throw new TensorFault(
        'wrong_shape',
        at,
        `"${spec.name}" at ${at}: found ${found} beside lists of ${expected}: make all rows equally long`,
      )
    }
    if (level + 2 < lengths.length) checkEven(spec, inner, lengths, level + 1, `${pointer}/${i}`)
  }
}

/** The tensor's shape, from how the value is nested, what the spec leaves free and the shape declared, if any. */
export function settleShape(
  spec: TensorSpec,
  nesting: readonly number[],
  declared: readonly number[] | undefined,
): readonly number[] {
  if (declared === undefined) return fit(spec, spec.shape, nesting)
  if (!matches(declared, spec.shape)) {
    throw shapeFault(spec, `found the declared shape ${show(declared)}`, 'declare one that fits the model')
  }
  return fit(spec, declared, nesting)
}

function fit(spec: TensorSpec, free: readonly number[], nesting: readonly number[]): readonly number[] {
  const shape = matches(nesting, free)
    ? nesting
    : nesting.length < 2
      ? unflatten(spec, free, nesting)
      : undefined
  if (shape === undefined) {
    throw shapeFault(
      { ...spec, shape: free },
      `found the shape ${show(nesting)}`,
      'nest or cut it to that shape',
    )
  }
  if (shape.some((dimension) => dimension > maxSize) || byteSize(spec, shape) > maxSize) {
    throw shapeFault(spec, `found the shape ${show(shape)}`, 'send less at once: a tensor is at most 2 GiB')
  }
  return shape
}

/** A flat list is a whole number of rows when the first dimension alone is free. */
function unflatten(spec: TensorSpec, free: readonly number[], nesting: readonly number[]): number[] {
  const count = nesting[0] ?? 1
  const [first, ...rest] = free
  const rowSize = elementCount(rest)
  if (rest.includes(-1)) {
    throw shapeFault(spec, `found a flat list of ${count}`, 'nest it, as more than one dimension is free')
  }
  const rows = first === -1 ? (rowSize === 0 ? 0 : count / rowSize) : first
  if (rows !== undefined && Number.isInteger(rows) && rows * rowSize === count) return [rows, ...rest]
  if (rows === undefined && count === 1) return []
  const expected = first === -1 ? `a whole number of rows of ${rowSize}` : `${elementCount(free)}`
  throw new TensorFault(
    'wrong_shape',
    '',
    `"${spec.name}": found ${count} elements, expected ${expected} for the shape ${show(free)}: send just as many`,
  )
}

function matches(shape: readonly number[], free: readonly number[]): boolean {
  return (
    shape.length === free.length &&
    shape.every((dimension, axis) => {
      const wanted = free[axis]
      return Number.isInteger(dimension) && dimension >= 0 && (wanted === -1 || wanted === dimension)
    })
  )
}

function byteSize(spec: TensorSpec, shape: readonly number[]): number {
  // A BYTES element is at least its length prefix.
  return elementCount(shape) * (bytesPerElement(spec.datatype) ?? 4)
}

function shapeFault(spec: TensorSpec, found: string, mend: string): TensorFault {
  return new TensorFault('wrong_shape', '', `"${spec.name}": ${found}, expected ${show(spec.shape)}: ${mend}`)
}

function show(shape: readonly number[]): string {
  return `[${shape.join(', ')}]`
}
