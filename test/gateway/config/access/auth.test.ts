import { expect, test } from 'vitest'
import { faultLines, soundConfig } from '../../../fixtures/sound-config.ts'

const rest = 'models: { m: { onnx: m.onnx } }\nendpoints: { e: { arms: { a: { model: m } } } }\n'
const hash = (digit: string) => digit.repeat(64)
const withAuth = (auth: string) => `auth: ${auth}\n${rest}`
const faults = (auth: string) => faultLines(withAuth(auth)).map((line) => line.replace(/^f:\d+:\d+ /, ''))

test('nothing said, off, and keys', () => {
  expect(soundConfig(rest)).not.toHaveProperty('auth')
  expect(soundConfig(withAuth('off')).auth).toBe('off')
  const keys = `{ keys: [{ name: shop, sha256: ${hash('a')}, scopes: [predict], endpoints: [e] }] }`
  expect(soundConfig(withAuth(keys)).auth).toEqual({
    keys: [
      {
        name: 'shop',
        sha256: hash('a'),
        scopes: ['predict'],
        endpoints: ['e'],
        rates: { predict: undefined, feedback: { perSecond: 100, burst: 1000 } },
      },
    ],
  })
})

test.each([
  ['of', /^auth: expected keys and values, found "of"/],
  ['{}', /^auth: expected keys, keys_file or jwt, .*; or off alone/],
  ['{ keys: [] }', /^auth: expected keys, keys_file or jwt/],
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

test('rates, and a file of keys beside the configuration', () => {
  const keys = `[{ name: a, sha256: ${hash('a')}, scopes: [predict], rate: { predict: { per_second: 2.5 } } }]`
  const { auth } = soundConfig(withAuth(`{ keys_file: keys.yaml, keys: ${keys} }`), '/etc/bandit/bandit.yaml')
  expect(auth).toMatchObject({
    keysFile: '/etc/bandit/keys.yaml',
    keys: [{ rates: { predict: { perSecond: 2.5, burst: 3 } } }],
  })
  expect(faults(`{ keys: ${keys.replace('2.5', '0')} }`)).toEqual([
    'auth.keys.0.rate.predict.per_second: expected more than 0, found 0',
  ])
})

test('tokens of an issuer, signed in a way that nobody here could sign', () => {
  const jwt = (more: string) => `{ jwt: { issuer: i, audience: a, algorithms: [ES256], ${more} } }`
  expect(soundConfig(withAuth(jwt('jwks_url: https://issuer.test/keys'))).auth).toMatchObject({
    jwt: {
      jwksUrl: 'https://issuer.test/keys',
      algorithms: ['ES256'],
      scopesClaim: 'scope',
      clockToleranceMs: 5000,
    },
  })
  expect(faults(jwt('jwks_url: http://127.0.0.1:9/keys'))).toEqual([])
  expect(faults(jwt('jwks_url: http://issuer.test/keys'))).toEqual([
    'auth.jwt.jwks_url: whoever is between could put in a key of theirs: use https',
  ])
  expect(faults(jwt('jwks_url: https://i.test').replace('ES256', 'HS256'))[0]).toMatch(
    /^auth\.jwt\.algorithms\.0: expected RS256/,
  )
  expect(faults('{ off: true, keys_file: k }')[0]).toMatch(/or off alone/)
})
