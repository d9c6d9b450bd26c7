import { isUtf8 } from 'node:buffer'
import { TensorFault } from './faults.ts'

/** Elements of a BYTES tensor: each a uint32 little-endian length and that many bytes. */
export function encodeStrings(strings: readonly string[]): Uint8Array {
  let size = 0
  for (const text of strings) size += 4 + Buffer.byteLength(text)
  const bytes = Buffer.allocUnsafe(size)
  let at = 0
  for (const text of strings) {
    const length = bytes.write(text, at + 4)
    bytes.writeUInt32LE(length, at)
    at += 4 + length
  }
  return bytes
}

/** Throws a TensorFault when an element is not UTF-8 text, which only travels in binary. */
export function decodeStrings(bytes: Uint8Array): string[] {
  const buffer = asBuffer(bytes)
  const strings: string[] = []
  for (let at = 0; at < buffer.length;) {
    const start = at + 4
    at = start + buffer.readUInt32LE(at)
    const element = buffer.subarray(start, at)
    if (!isUtf8(element)) {
      throw new TensorFault(
        'wrong_type',
        `/${strings.length}`,
        `element ${strings.length} is not UTF-8 text: only binary data can carry it`,
      )
    }
    strings.push(element.toString())
  }
  return strings
}

/** Offset behind the next `count` elements from `start` on; undefined when the bytes end before that. */
export function skipStrings(bytes: Uint8Array, start: number, count: number): number | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  let at = start
  for (let left = count; left > 0; left--) {
    if (at + 4 > bytes.length) return undefined
    at += 4 + view.getUint32(at, true)
    if (at > bytes.length) return undefined
  }
  return at
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}
