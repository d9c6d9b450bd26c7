import { readSync } from 'node:fs'

/** Reads a protobuf message from a file without holding it: what nobody asks for is passed over unread. */
export interface ProtoReader {
  readonly position: () => number
  varint(): number
  /** '' where it is longer than anything that would be asked for. @param length bytes */
  text(length: number): string
  skip(length: number): void
}

/** The bytes are no protobuf message. */
export class ProtoFault extends Error {}

const chunkBytes = 65_536
const longestText = 8192

/** @param size bytes of the file */
export function createProtoReader(fd: number, size: number): ProtoReader {
  const chunk = Buffer.alloc(chunkBytes)
  let chunkAt = 0
  let chunkEnd = 0
  let at = 0

  function byte(): number {
    if (at < chunkAt || at >= chunkEnd) {
      chunkAt = at
      chunkEnd = at + readSync(fd, chunk, 0, chunkBytes, at)
      if (chunkEnd === at) throw new ProtoFault('it ends in the middle')
    }
    return chunk[at++ - chunkAt]!
  }

  return {
    position: () => at,
    varint() {
      // Nearly all are of one byte.
      if (at < chunkEnd && at >= chunkAt) {
        const only = chunk[at - chunkAt]!
        if (only < 0x80) {
          at++
          return only
        }
      }
      let value = 0
      for (let shift = 0; shift < 70; shift += 7) {
        const next = byte()
        // Beyond 2^53 it is no length that there is; that it is wrong then changes nothing.
        value += (next & 0x7f) * 2 ** shift
        if (next < 0x80) return value
      }
      throw new ProtoFault('a number has no end')
    },
    text(length) {
      if (length <= longestText) return Buffer.from(Array.from({ length }, byte)).toString()
      skip(length)
      return ''
    },
    skip,
  }

  function skip(length: number): void {
    if (at + length > size) throw new ProtoFault('a part is longer than the file')
    at += length
  }
}
