import { expect, test } from 'vitest'
import { withEnvironmentKeys } from '../../../../gateway/config/reading/environment-keys.ts'
import { readEnvironment } from '../../../../gateway/config/reading/environment.ts'
import { newKey } from '../../../fixtures/access.ts'
import { soundConfig } from '../../../fixtures/sound-config.ts'

const base = 'models: { m: { onnx: ./m.onnx } }\nendpoints: { e: { arms: { a: { model: m } } } }\n'
const hash = 'a'.repeat(64)
const list = `[{ name: shop, scopes: [predict], sha256: ${hash} }]`

test.each([list, JSON.stringify([{ name: 'shop', scopes: ['predict'], sha256: hash }])])(
  'keys of %s',
  (text) => {
    const { environment } = readEnvironment({ BANDIT_API_KEYS: text }) as { environment: { apiKeys: string } }
    const { auth } = withEnvironmentKeys(soundConfig(base), environment.apiKeys)
    expect(auth).toEqual({
      keys: [expect.objectContaining({ name: 'shop', sha256: hash, scopes: ['predict'] })],
    })
  },
)

test('they stand beside those of the configuration', () => {
  const config = soundConfig(
    `${base}auth: { reward_share: {}, keys: [{ name: ops, scopes: [admin], sha256: ${'b'.repeat(64)} }] }\n`,
  )
  const { auth } = withEnvironmentKeys(config, list)
  expect(auth).toMatchObject({ rewardShare: { most: 0.2 }, keys: [{ name: 'ops' }, { name: 'shop' }] })
})

test('none is asked for', () => {
  const config = soundConfig(base)
  expect(withEnvironmentKeys(config, undefined)).toBe(config)
})

test.each([
  ['nothing', '[]', 'BANDIT_API_KEYS: there is no key in it: add one'],
  ['no list', 'shop', 'BANDIT_API_KEYS:1:1: expected'],
  ['a scope that there is not', list.replace('predict', 'predcit'), 'BANDIT_API_KEYS:1:25 0.scopes.0: '],
  ['an endpoint that there is not', list.replace(' }]', ', endpoints: [x] }]'), 'there is no endpoint x'],
  ['a name that is taken', list.replace('shop', 'ops'), 'the configuration has a key ops too'],
])('%s is refused', (_what, text, message) => {
  const keys = `auth: { keys: [{ name: ops, scopes: [admin], sha256: ${'b'.repeat(64)} }] }\n`
  expect(() => withEnvironmentKeys(soundConfig(`${base}${keys}`), text)).toThrow(message)
})

test('with auth: off they would mean nothing', () => {
  const config = soundConfig(`${base}auth: off\n`)
  expect(() => withEnvironmentKeys(config, list)).toThrow('auth: off that everybody may: take one out')
})

test.each(['', '[{ name: shop, key: ', 'sha256: '])('a key itself after "%s" is not repeated', (before) => {
  const { key } = newKey('shop')
  const withKey = () => withEnvironmentKeys(soundConfig(base), `${before}${key}`)
  expect(withKey).toThrow('BANDIT_API_KEYS has a key itself in it')
  expect(withKey).not.toThrow(key)
})
