import { randomInt } from 'node:crypto'
import { expect, test } from 'vitest'
import { apiKeyHash, createApiKey, isApiKey } from '../../../../gateway/security/keys/api-key.ts'
import { createKeyRing } from '../../../../gateway/security/keys/key-ring.ts'
import { newKey } from '../../../fixtures/access.ts'

test('a key has its form, which scanners of secrets look for', () => {
  expect(createApiKey(() => 0)).toBe(`bandit_${'0'.repeat(32)}2kX9k7`)
  expect(createApiKey(randomInt)).toMatch(/^bandit_[0-9A-Za-z]{38}$/)
})

test('no slip of one character makes another key', () => {
  const key = createApiKey(randomInt)
  expect(isApiKey(key)).toBe(true)
  for (let at = 7; at < key.length; at++) {
    const other = key[at] === 'x' ? 'y' : 'x'
    expect(isApiKey(key.slice(0, at) + other + key.slice(at + 1))).toBe(false)
  }
  expect(isApiKey(key.slice(0, -1))).toBe(false)
  expect(isApiKey(`${key} `)).toBe(false)
})

test('what is kept of a key is its SHA-256', () => {
  expect(apiKeyHash('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad')
})

test('keys are found by what they hash to, also where digests begin alike', () => {
  const { key, config } = newKey('shop', { endpoints: ['digits'] })
  const twin = {
    ...config,
    name: 'twin',
    sha256: config.sha256.slice(0, 63) + (config.sha256.endsWith('0') ? '1' : '0'),
  }
  const ring = createKeyRing([twin, config])
  expect(ring.find(key)).toEqual({
    name: 'shop',
    label: 'shop',
    rates: {},
    scopes: new Set(['predict', 'feedback']),
    endpoints: new Set(['digits']),
  })
  expect(ring.find(createApiKey(randomInt))).toBe('unknown')
  expect(ring.find(config.sha256)).toBe('malformed')
})
