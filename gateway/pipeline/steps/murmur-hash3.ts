/**
 * MurmurHash3 (x86, 32 bits, seed 0) of a text's UTF-8 bytes, as a signed number. By A. Appleby, in the public domain;
 * what scikit-learn hashes features with.
 */
export function murmurHash3(text: string): number {
  const bytes = Buffer.from(text)
  const end = bytes.length - (bytes.length % 4)
  let hash = 0
  for (let at = 0; at < end; at += 4) {
    hash ^= mix(bytes.readInt32LE(at))
    hash = (Math.imul((hash << 13) | (hash >>> 19), 5) + 0xe6546b64) | 0
  }
  let tail = 0
  for (let at = bytes.length - 1; at >= end; at--) tail = (tail << 8) | bytes[at]!
  hash ^= mix(tail)
  hash ^= bytes.length
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return hash ^ (hash >>> 16)
}

function mix(block: number): number {
  const mixed = Math.imul(block, 0xcc9e2d51)
  return Math.imul((mixed << 15) | (mixed >>> 17), 0x1b873593)
}
