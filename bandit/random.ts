import { hash } from 'node:crypto'

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
const keyLength = 16
const keyBytes = 12

const sextets = new Int8Array(128).fill(-1)
for (let value = 0; value < alphabet.length; value++) sextets[alphabet.charCodeAt(value)] = value

/**
 * The one uniform number in [0, 1) that a decision is drawn with: the first 53 bits of its key. A key is
 * 12 bytes as 16 base64url characters; anything else is a RangeError. The key is the randomness, so the same
 * key draws the same number on every gateway.
 */
export function uniformFromKey(key: string): number {
  if (key.length !== keyLength) throw malformed(key)
  return (bits(key, 0, 5) * 2 ** 23 + (bits(key, 5, 9) >>> 1)) / 2 ** 53
}

/**
 * A second uniform number in [0, 1) of the same decision, from the 42 bits of its key that no draw has used: it
 * says nothing of the arm that was drawn. Of a tenant's decision the first 18 of them are its own.
 */
export function coinFromKey(key: string): number {
  if (key.length !== keyLength) throw malformed(key)
  return (bits(key, 9, 13) * 2 ** 18 + bits(key, 13, 16)) / 2 ** 42
}

/** Six bits a character; at most five characters, so that it stays a small integer. */
function bits(key: string, from: number, to: number): number {
  let value = 0
  for (let at = from; at < to; at++) {
    const sextet = sextets[key.charCodeAt(at)] ?? -1
    if (sextet < 0) throw malformed(key)
    value = (value << 6) | sextet
  }
  return value
}

function malformed(key: string): RangeError {
  return new RangeError(`A decision key is ${keyLength} base64url characters, not ${JSON.stringify(key)}`)
}

/** A fresh key from 12 bytes of `randomBytes`, which must be unpredictable and uniform. */
export function createKey(randomBytes: (count: number) => Uint8Array): string {
  return Buffer.from(randomBytes(keyBytes)).toString('base64url')
}

/**
 * The key of a decision that the caller named itself: SHA-256 over endpoint and id, cut to 12 bytes. Each part
 * is preceded by its length, so that no other pair of strings hashes the same bytes.
 */
export function keyFromCallerId(endpoint: string, id: string): string {
  const digest = hash('sha256', Buffer.concat([lengthPrefixed(endpoint), lengthPrefixed(id)]), 'buffer')
  return digest.toString('base64url', 0, keyBytes)
}

function lengthPrefixed(text: string): Buffer {
  const bytes = Buffer.from(text)
  const length = Buffer.alloc(4)
  length.writeUInt32BE(bytes.length)
  return Buffer.concat([length, bytes])
}

/** Uniform in [0, 1) over texts, and always the same for one of them; what it is for makes it another one. */
export function uniformFromText(purpose: string, text: string): number {
  return uniformFromKey(keyFromCallerId(purpose, text))
}
