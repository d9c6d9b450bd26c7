import { expect, test } from 'vitest'
import { demandKeys } from '../../../gateway/security/exposure.ts'

const keys = { keys: [] }

test.each(['127.0.0.1', '127.8.8.8', '::1', 'localhost'])('on %s nobody has to be kept out', (host) => {
  expect(() => demandKeys({ listen: { host, port: 1 } })).not.toThrow()
})

test.each(['0.0.0.0', '::', '10.0.0.7', '192.168.1.1', '::ffff:10.0.0.7', 'gateway.internal'])(
  'on %s there are keys, or the word that there are none',
  (host) => {
    const listen = { host, port: 1 }
    expect(() => demandKeys({ listen })).toThrow(/bandit keys create.*auth: off/)
    expect(() => demandKeys({ listen, auth: 'off' })).not.toThrow()
    expect(() => demandKeys({ listen, auth: keys })).not.toThrow()
  },
)
