import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseJson, type Json } from '../../../gateway/http/parse-json.ts'
import { scanJson } from '../../../gateway/http/scan-json.ts'

function depthOf(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0
  return 1 + Math.max(0, ...Object.values(value).map(depthOf))
}

function keysOf(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0
  const own = Array.isArray(value) ? 0 : Object.keys(value).length
  return Object.values(value).reduce<number>((sum, inner) => sum + keysOf(inner), own)
}

describe('a look at the bytes', () => {
  test('counts depth and keys as the parsed value has them', () => {
    fc.assert(
      fc.property(fc.json({ stringUnit: 'binary' }), (text) => {
        const value: unknown = JSON.parse(text)
        const scan = scanJson(Buffer.from(text))
        expect([scan.depth, scan.keys]).toEqual([depthOf(value), keysOf(value)])
      }),
    )
  })

  test('never fails, whatever the bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        expect(scanJson(bytes).depth).toBeGreaterThanOrEqual(0)
      }),
    )
  })

  test.each([
    ['999999999999999', false],
    ['9007199254740993', true],
    ['-9007199254740993', true],
    ['0.12345678901234567', false],
    ['[0.1,1234567890123456]', true],
    ['"1234567890123456"', false],
    ['1234567890.1234567890123456', false],
  ])('%s has long integers: %s', (text, expected) => {
    expect(scanJson(Buffer.from(text)).longIntegers).toBe(expected)
  })
})

describe('parsing', () => {
  const parse = (text: string): Json => parseJson(Buffer.from(text), { maxKeys: 1000 })

  test('is that of JSON.parse', () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 20 }), (text) => {
        expect(parse(text).value).toEqual(JSON.parse(text))
      }),
    )
  })

  test('keeps, when asked, whole numbers of 64 bits to the last digit', () => {
    fc.assert(
      fc.property(fc.bigInt(-(2n ** 63n), 2n ** 64n - 1n), (value) => {
        const [parsed] = parse(`[${value}]`).exact() as [number | bigint]
        expect(BigInt(parsed)).toBe(value)
      }),
    )
  })

  test.each(['12345678901234567890.5', '1234567890123456e3', `1${'0'.repeat(400)}`, '0.1'])(
    '%s is a double, exact or not',
    (text) => {
      expect(parse(text).exact()).toBe(Number(text))
    },
  )

  test('half a megabyte of brackets is refused before it is parsed', () => {
    expect(() => parse('['.repeat(500_000))).toThrow(/^too_deep: /)
  })
})
