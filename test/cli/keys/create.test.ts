import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { createKey } from '../../../cli/keys/create.ts'
import { createKeyRing } from '../../../gateway/security/keys/key-ring.ts'
import { soundConfig } from '../../fixtures/sound-config.ts'

test('what is printed goes into the configuration as it is, and the key is then known', () => {
  const { key, lines } = createKey({ name: 'true', scopes: ['predict', 'feedback'], endpoints: ['e'] })
  const yaml = lines.slice(2).join('\n')
  expect(yaml).not.toContain(key)
  expect(parse(yaml).auth.keys).toHaveLength(1)
  const rest = '\nmodels: { m: { onnx: m.onnx } }\nendpoints: { e: { arms: { a: { model: m } } } }\n'
  const { auth } = soundConfig(yaml + rest)
  if (typeof auth !== 'object') throw new Error('there are keys')
  expect(createKeyRing(auth.keys).find(key)).toMatchObject({ name: 'true', endpoints: new Set(['e']) })
})
