import { expect, test } from 'vitest'
import { faultLines, soundConfig } from '../../fixtures/sound-config.ts'

const rest = 'models: { m: { onnx: m.onnx } }\nendpoints: { e: { arms: { a: { model: m } } } }\n'
const hash = (digit: string) => digit.repeat(64)
const withAuth = (auth: string) => `auth: ${auth}\n${rest}`
const faults = (auth: string) => faultLines(withAuth(auth)).map((line) => line.replace(/^f:\d+:\d+ /, ''))

test('nothing said, off, and keys', () => {
  expect(soundConfig(rest)).not.toHaveProperty('auth')
  expect(soundConfig(withAuth('off')).auth).toBe('off')
  const keys = `{ keys: [{ name: shop, sha256: ${hash('a')}, scopes: [predict], endpoints: [e] }] }`
  expect(soundConfig(withAuth(keys)).auth).toEqual({
    keys: [{ name: 'shop', sha256: hash('a'), scopes: ['predict'], endpoints: ['e'] }],
  })
})

test.each([
  ['of', /^auth: expected keys and values, found "of"/],
  ['{}', /^auth: nobody could do anything: add keys, or say off/],
  ['{ keys: [] }', /^auth: nobody could do anything/],
  ['{ key: [] }', /^auth\.key: there is no setting "key": did you mean keys/],
  [
    `{ keys: [{ name: a, scopes: [predict], sha256: bandit_x }] }`,
    /^auth\.keys\.0\.sha256: .*the key itself does not belong here/,
  ],
  [`{ keys: [{ name: 'a b', scopes: [predict], sha256: ${hash('a')} }] }`, /^auth\.keys\.0\.name: a name is/],
  [
    `{ keys: [{ name: a, scopes: [], sha256: ${hash('a')} }] }`,
    /^auth\.keys\.0\.scopes: expected at least 1/,
  ],
  [
    `{ keys: [{ name: a, scopes: [predit], sha256: ${hash('a')} }] }`,
    /^auth\.keys\.0\.scopes\.0: .*did you mean predict/,
  ],
  [
    `{ keys: [{ name: a, scopes: [predict], endpoints: [f], sha256: ${hash('a')} }] }`,
    /^auth\.keys\.0\.endpoints\.0: there is no endpoint f: did you mean e/,
  ],
  [
    `{ keys: [{ name: a, scopes: [metrics], endpoints: [e], sha256: ${hash('a')} }] }`,
    /^auth\.keys\.0\.scopes\.0: only predict and feedback can be held to endpoints/,
  ],
])('%s is refused', (auth, message) => {
  expect(faults(auth)).toContainEqual(expect.stringMatching(message))
})

test('neither a name nor a key is there twice', () => {
  const key = `{ name: a, scopes: [predict], sha256: ${hash('a')} }`
  expect(faults(`{ keys: [${key}, ${key}] }`)).toEqual([
    'auth.keys.1.name: another key has the same name: give each its own',
    'auth.keys.1.sha256: another key has the same sha256: give each its own',
  ])
})
