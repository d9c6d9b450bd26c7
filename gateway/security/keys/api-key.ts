import { hash } from 'node:crypto'
import { crc32 } from 'node:zlib'

/**
 * A key is `bandit_`, 32 random letters and digits, and 6 more that are their checksum. The prefix lets secret
 * scanners find a key that went astray, the checksum tells a slip of the pen from a key that is not known here.
 * 32 of 62 characters are 190 random bits. Nobody can try those through, so a plain SHA-256 is all that a hash at
 * rest has to be: slow hashes are for secrets that people think of.
 */
const prefix = 'bandit_'
const randomLength = 32
const checksumLength = 6
const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
const form = new RegExp(`^${prefix}[0-9A-Za-z]{${randomLength + checksumLength}}$`)

/** @param randomInt whole, from 0 to below its argument, for cryptography */
export function createApiKey(randomInt: (below: number) => number): string {
  const drawn = Array.from({ length: randomLength }, () => alphabet[randomInt(alphabet.length)]!)
  const body = prefix + drawn.join('')
  return body + checksumOf(body)
}

/** Whether the text is a whole key, known here or not. */
export function isApiKey(text: string): boolean {
  if (!form.test(text)) return false
  const body = text.slice(0, -checksumLength)
  return text.slice(-checksumLength) === checksumOf(body)
}

/** What is kept of a key: 64 hex digits. */
export function apiKeyHash(key: string): string {
  return hash('sha256', key, 'hex')
}

function checksumOf(text: string): string {
  let rest = crc32(text)
  let digits = ''
  for (let i = 0; i < checksumLength; i++) {
    digits = alphabet[rest % alphabet.length]! + digits
    rest = Math.floor(rest / alphabet.length)
  }
  return digits
}
