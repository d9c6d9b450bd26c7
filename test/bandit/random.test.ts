import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createKey, keyFromCallerId, uniformFromKey } from '../../bandit/random.ts'
import { chiSquare, oncePerMillion } from './support/chi-square.ts'
import { uniformSource } from './support/random-source.ts'

const toKey = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64url')
const twelveBytes = fc.uint8Array({ minLength: 12, maxLength: 12 })

describe('the number of a key', () => {
  test('is its first 53 bits over 2⁵³', () => {
    fc.assert(
      fc.property(twelveBytes, (bytes) => {
        const first64 = bytes.subarray(0, 8).reduce((bits, byte) => (bits << 8n) | BigInt(byte), 0n)
        expect(uniformFromKey(toKey(bytes))).toBe(Number(first64 >> 11n) / 2 ** 53)
      }),
    )
  })

  test('lies in [0, 1) from the lowest key to the highest', () => {
    expect(uniformFromKey('AAAAAAAAAAAAAAAA')).toBe(0)
    expect(uniformFromKey('________________')).toBe(1 - 2 ** -53)
  })

  test.each([
    '',
    'AAAAAAAAAAAAAAA',
    'AAAAAAAAAAAAAAAAA',
    'AAAA+AAAAAAAAAAA',
    'AAAAAAAA/AAAAAAA',
    'é234567890123456',
  ])('there is none for %j', (key) => {
    expect(() => uniformFromKey(key)).toThrow(RangeError)
  })

  test('spreads evenly over 100 bins; a right generator fails once in a million seeds', () => {
    const uniform = uniformSource(7)
    const bins = Array.from({ length: 100 }, () => 0)
    const randomBytes = (count: number) =>
      Uint8Array.from({ length: count }, () => Math.floor(uniform() * 256))
    for (let draw = 0; draw < 100_000; draw++)
      bins[Math.floor(uniformFromKey(createKey(randomBytes)) * 100)]!++
    expect(
      chiSquare(
        bins,
        bins.map(() => 1 / 100),
      ),
    ).toBeLessThan(oncePerMillion[99]!)
  })
})

test('a new key is twelve random bytes as base64url', () => {
  const bytes = Uint8Array.of(255, 254, 253, 252, 251, 250, 249, 248, 247, 246, 245, 244)
  const asked: number[] = []
  const key = createKey((count) => {
    asked.push(count)
    return bytes
  })
  expect(asked).toEqual([12])
  expect(Buffer.from(key, 'base64url')).toEqual(Buffer.from(bytes))
})

describe("the key of a caller's own id", () => {
  test('is 12 bytes of SHA-256 over both parts with their lengths', () => {
    // printf '\0\0\0\6digits\0\0\0\7order-9' | sha256sum
    expect(Buffer.from(keyFromCallerId('digits', 'order-9'), 'base64url').toString('hex')).toBe(
      '48eefdb31c840610906a6435',
    )
  })

  test('is the same for the same pair and different for any other, wherever endpoint and id meet', () => {
    const part = fc.string({ unit: 'binary', maxLength: 6 })
    fc.assert(
      fc.property(part, part, part, part, (endpoint, id, otherEndpoint, otherId) => {
        const same = endpoint === otherEndpoint && id === otherId
        expect(keyFromCallerId(endpoint, id) === keyFromCallerId(otherEndpoint, otherId)).toBe(same)
      }),
    )
    expect(keyFromCallerId('ab', 'c')).not.toBe(keyFromCallerId('a', 'bc'))
  })

  test('draws a number', () => {
    const u = uniformFromKey(keyFromCallerId('digits', 'order-9'))
    expect(u).toBe(uniformFromKey(keyFromCallerId('digits', 'order-9')))
    expect(u).not.toBe(uniformFromKey(keyFromCallerId('digits', 'order-10')))
  })
})
