import { encodeStrings } from './byte-strings.ts'
import { writeHalf, type HalfDatatype } from './half-floats.ts'
import { floatLimits, integerRanges, longRanges, toLong } from './ranges.ts'
import type { Datatype } from './types.ts'

/** Takes the elements of a tensor in order and keeps their bytes. */
export interface ElementSink {
  /** Adds `list`; answers the index of the first element that does not belong here, or −1. */
  add(list: readonly unknown[]): number
  bytes(): Uint8Array
}

/** Room for `count` elements is taken at once, so `count` must have been checked before. */
export function createSink(datatype: Datatype, count: number): ElementSink {
  switch (datatype) {
    case 'BYTES':
      return stringSink()
    case 'BOOL':
      return booleanSink(new Uint8Array(count))
    case 'UINT8':
      return integerSink(new Uint8Array(count), datatype)
    case 'UINT16':
      return integerSink(new Uint16Array(count), datatype)
    case 'UINT32':
      return integerSink(new Uint32Array(count), datatype)
    case 'INT8':
      return integerSink(new Int8Array(count), datatype)
    case 'INT16':
      return integerSink(new Int16Array(count), datatype)
    case 'INT32':
      return integerSink(new Int32Array(count), datatype)
    case 'UINT64':
      return longSink(new BigUint64Array(count), datatype)
    case 'INT64':
      return longSink(new BigInt64Array(count), datatype)
    case 'FP16':
    case 'BF16':
      return halfSink(new DataView(new ArrayBuffer(count * 2)), datatype)
    case 'FP32':
      return floatSink(new Float32Array(count), floatLimits.FP32)
    case 'FP64':
      return floatSink(new Float64Array(count), floatLimits.FP64)
  }
}

function floatSink(target: Float32Array | Float64Array, limit: number): ElementSink {
  let at = 0
  return {
    add(list) {
      for (let i = 0; i < list.length; i++) {
        const value = list[i]
        // NaN fails the comparison too.
        if (typeof value !== 'number' || !(Math.abs(value) < limit)) return i
        target[at++] = value
      }
      return -1
    },
    bytes: () => bytesOf(target),
  }
}

function halfSink(target: DataView, datatype: HalfDatatype): ElementSink {
  let at = 0
  return {
    add(list) {
      for (let i = 0; i < list.length; i++) {
        const value = list[i]
        if (typeof value !== 'number' || !(Math.abs(value) < floatLimits[datatype])) return i
        writeHalf(target, at, value, datatype)
        at += 2
      }
      return -1
    },
    bytes: () => bytesOf(target),
  }
}

type IntegerArray = Uint8Array | Uint16Array | Uint32Array | Int8Array | Int16Array | Int32Array

function integerSink(target: IntegerArray, datatype: keyof typeof integerRanges): ElementSink {
  const [low, high] = integerRanges[datatype]
  let at = 0
  return {
    add(list) {
      for (let i = 0; i < list.length; i++) {
        const value = list[i]
        if (!Number.isInteger(value)) return i
        const integer = value as number
        if (integer < low || integer > high) return i
        target[at++] = integer
      }
      return -1
    },
    bytes: () => bytesOf(target),
  }
}

function longSink(target: BigInt64Array | BigUint64Array, datatype: keyof typeof longRanges): ElementSink {
  const [low, high] = longRanges[datatype]
  let at = 0
  return {
    add(list) {
      for (let i = 0; i < list.length; i++) {
        const value = toLong(list[i])
        if (value === undefined || value < low || value > high) return i
        target[at++] = value
      }
      return -1
    },
    bytes: () => bytesOf(target),
  }
}

function booleanSink(target: Uint8Array): ElementSink {
  let at = 0
  return {
    add(list) {
      for (let i = 0; i < list.length; i++) {
        const value = list[i]
        if (value !== true && value !== false && value !== 0 && value !== 1) return i
        target[at++] = Number(value)
      }
      return -1
    },
    bytes: () => target,
  }
}

function stringSink(): ElementSink {
  const strings: string[] = []
  return {
    add(list) {
      for (let i = 0; i < list.length; i++) {
        const value = list[i]
        if (typeof value !== 'string' || !value.isWellFormed()) return i
        strings.push(value)
      }
      return -1
    },
    bytes: () => encodeStrings(strings),
  }
}

function bytesOf(view: ArrayBufferView): Uint8Array {
  return new Uint8Array(view.buffer, view.byteOffset, view.byteLength)
}
