import { expect, test } from 'vitest'
import { faultLines, soundConfig } from '../../../fixtures/sound-config.ts'
import { readTls } from '../../../../gateway/read-tls.ts'

const rest = 'models: { m: { onnx: m.onnx } }\nendpoints: { e: { arms: { a: { model: m } } } }\n'

test('files start from the folder of the configuration', () => {
  const text = `store: rediss://gateway@cache\nstore_tls: { ca: ca.pem, cert: c.pem, key: k.pem }\n${rest}`
  expect(soundConfig(text, '/etc/bandit/bandit.yaml').storeTls).toEqual({
    ca: '/etc/bandit/ca.pem',
    cert: '/etc/bandit/c.pem',
    key: '/etc/bandit/k.pem',
    serverName: undefined,
  })
})

test('a store without TLS, and half a pair, are refused', () => {
  expect(faultLines(`store: redis://cache\nstore_tls: { ca: ca.pem }\n${rest}`)).toEqual([
    'f:2:1 store_tls: the store is reached without TLS: begin its address with rediss, or take this out',
  ])
  expect(faultLines(`store: rediss://cache\nstore_tls: { cert: c.pem }\n${rest}`)).toEqual([
    'f:2:12 store_tls: a certificate has its key: give cert and key, or neither',
  ])
})

test('a file that is not there is named by its setting', () => {
  expect(() => readTls('store_tls', { ca: '/nowhere/ca.pem' })).toThrow(/^cannot read store_tls\.ca: ENOENT/)
  expect(readTls('store_tls', undefined)).toBeUndefined()
})
