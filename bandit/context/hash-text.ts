/**
 * 32 bits of a text that are the same everywhere: FNV-1a over its UTF-8 bytes, stirred by the finaliser of
 * MurmurHash3, since the low bits of FNV-1a alone depend on the low bits of the bytes.
 */
export function hashText(text: string): number {
  let hash = 0x811c9dc5
  for (const byte of Buffer.from(text)) hash = Math.imul(hash ^ byte, 0x01000193)
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return (hash ^ (hash >>> 16)) >>> 0
}
