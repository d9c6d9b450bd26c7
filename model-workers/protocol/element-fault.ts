import { TensorFault, type TensorFaultCode } from './faults.ts'
import { integerRanges, longRanges, toLong } from './ranges.ts'
import type { Datatype } from './types.ts'

/** Why `value` does not belong to a tensor of `datatype`: what was found, what is expected, how to mend it. */
export function elementFault(name: string, datatype: Datatype, value: unknown, pointer: string): TensorFault {
  const [code, expected] = judge(datatype, value)
  const place = pointer === '' ? 'its root' : pointer
  return new TensorFault(code, pointer, `"${name}" at ${place}: found ${describe(value)}, ${expected}`)
}

function judge(datatype: Datatype, value: unknown): readonly [TensorFaultCode, string] {
  if (Array.isArray(value)) return ['wrong_shape', 'expected one element: nest all rows equally deep']
  switch (datatype) {
    case 'BYTES':
      return typeof value === 'string'
        ? ['out_of_range', 'which holds half a surrogate pair: send whole characters']
        : ['wrong_type', 'expected a string: put it in quotes']
    case 'BOOL':
      return [typeof value === 'number' ? 'out_of_range' : 'wrong_type', 'expected true, false, 0 or 1']
    case 'FP16':
    case 'BF16':
    case 'FP32':
    case 'FP64':
      return typeof value === 'number'
        ? ['out_of_range', `which ${datatype} cannot hold: send a finite number in its range`]
        : ['wrong_type', `expected a number for ${datatype}: send it without quotes and leave nothing out`]
    case 'INT64':
    case 'UINT64':
      return judgeLong(datatype, value)
    case 'UINT8':
    case 'UINT16':
    case 'UINT32':
    case 'INT8':
    case 'INT16':
    case 'INT32':
      return [
        typeof value === 'number' ? 'out_of_range' : 'wrong_type',
        `expected a whole number from ${integerRanges[datatype].join(' to ')} for ${datatype}`,
      ]
  }
}

function judgeLong(datatype: 'INT64' | 'UINT64', value: unknown): readonly [TensorFaultCode, string] {
  if (Number.isInteger(value) && !Number.isSafeInteger(value)) {
    return ['out_of_range', 'too large to be exact as a JSON number: send it as a string of digits']
  }
  const numeric = typeof value === 'number' || toLong(value) !== undefined
  const range = longRanges[datatype].join(' to ')
  return [
    numeric ? 'out_of_range' : 'wrong_type',
    `expected a whole number from ${range} for ${datatype}, or a string of its digits`,
  ]
}

function describe(value: unknown): string {
  if (Array.isArray(value)) return `a list of ${value.length}`
  if (typeof value === 'string') return `the string ${JSON.stringify(value.slice(0, 40))}`
  if (typeof value === 'object' && value !== null) return 'an object'
  return String(value)
}
