import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createPredictionIds } from '../../../bandit/ledger/prediction-id.ts'
import type { Decision } from '../../../bandit/types.ts'

const decision: Decision = {
  key: 'AAECAwQFBgcICQoL',
  endpoint: 'digits',
  arm: 'network',
  propensity: 0.1 + 0.2,
  policy: 'thompson',
  decidedAt: 1_790_000_000_123,
  generation: '3f2a91bc',
  degraded: false,
}
const ids = createPredictionIds([{ id: 1, secret: 'one' }])

test('an id carries its decision to the last bit', () => {
  const { policy: _, ...claims } = decision
  expect(ids.verify(ids.sign(decision))).toEqual(claims)
  expect(ids.verify(ids.sign({ ...decision, degraded: true, arm: 'ü'.repeat(100) }))).toMatchObject({
    degraded: true,
    arm: 'ü'.repeat(100),
  })
})

test('an id of version 1 that was given out long ago still says the same', () => {
  const id = 'AQEAAQIDBAUGBwgJCgsBoMRQbHs_0zMzMzMzND8qkbwABmRpZ2l0cwduZXR3b3JrOFxIHYrF4Dc7c4dfomjpzg'
  const { policy: _, ...claims } = decision
  expect(ids.verify(id)).toEqual(claims)
  expect(ids.sign(decision)).toBe(id)
})

test('a decision that is traced has its trace in the id; all others have none and are 24 bytes shorter', () => {
  const traced = { ...decision, arm: 'ü'.repeat(100), trace: '0123456789abcdef'.repeat(3) }
  const { policy: _, ...claims } = traced
  expect(ids.verify(ids.sign(traced))).toEqual(claims)
  const { trace: __, ...plain } = traced
  expect(ids.verify(ids.sign(plain))).not.toHaveProperty('trace')
  const bytes = (of: Decision) => Buffer.from(ids.sign(of), 'base64url').length
  expect(bytes(traced) - bytes(plain)).toBe(24)
})

test('what an answer cost is in the id, traced or not', () => {
  for (const more of [{}, { trace: '0123456789abcdef'.repeat(3) }]) {
    const dear = { ...decision, arm: 'ü'.repeat(100), penaltyMicro: 123_456, ...more }
    const { policy: _, ...claims } = dear
    expect(ids.verify(ids.sign(dear))).toEqual(claims)
  }
})

test.each([
  ['plain', decision],
  ['traced', { ...decision, trace: 'ab'.repeat(24) }],
  ['penalised', { ...decision, penaltyMicro: 1 }],
])('an id with any bit flipped, cut or lengthened is not ours: %s', (_kind, decision) => {
  const bytes = Buffer.from(ids.sign(decision), 'base64url')
  for (let bit = 0; bit < bytes.length * 8; bit += 1) {
    const flipped = Buffer.from(bytes)
    flipped[bit >> 3]! ^= 1 << (bit & 7)
    expect(ids.verify(flipped.toString('base64url'))).toBeUndefined()
  }
  for (let length = 0; length < bytes.length; length += 1) {
    expect(ids.verify(bytes.toString('base64url', 0, length))).toBeUndefined()
  }
  expect(ids.verify(Buffer.concat([bytes, Buffer.from([0])]).toString('base64url'))).toBeUndefined()
})

test('another spelling of the same bytes is not the id that was given out', () => {
  const id = ids.sign(decision)
  for (const spelling of [
    `${id}=`,
    `${id}\n`,
    ` ${id}`,
    id.replaceAll('_', '/').replaceAll('-', '+') + '+',
  ]) {
    expect(ids.verify(spelling)).toBeUndefined()
  }
})

test('any text at all is refused and never throws', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 4096 }), (text) => ids.verify(text) === undefined),
    { seed: 1 },
  )
  fc.assert(
    fc.property(fc.base64String({ maxLength: 4096 }), (text) => ids.verify(text) === undefined),
    { seed: 1 },
  )
})

test('keys rotate: the new one signs, the old one still verifies, a retired one does not', () => {
  const old = ids.sign(decision)
  const rotated = createPredictionIds([
    { id: 2, secret: 'two' },
    { id: 1, secret: 'one' },
  ])
  expect(rotated.verify(old)).toBeDefined()
  expect(ids.verify(rotated.sign(decision))).toBeUndefined()
  expect(createPredictionIds([{ id: 2, secret: 'two' }]).verify(old)).toBeUndefined()
})
