import { expect, test } from 'vitest'
import { withPassword } from '../../../../gateway/config/reading/addresses.ts'
import { readEnvironment } from '../../../../gateway/config/reading/environment.ts'

const secret = 's'.repeat(32)

test('with nothing set, nothing is known', () => {
  expect(readEnvironment({ PATH: '/bin', LOG_LEVEL: '' })).toEqual({
    environment: {
      signingKeys: [],
      redisPassword: undefined,
      sentinelPassword: undefined,
      logLevel: undefined,
      openTelemetry: {},
    },
  })
})

test('signing keys, the signing one first, and what is meant for OpenTelemetry', () => {
  const variables = {
    BANDIT_SIGNING_KEYS: `2:${secret}, 1:${secret}:x`,
    BANDIT_REDIS_PASSWORD: 'p',
    BANDIT_SENTINEL_PASSWORD: 's',
    LOG_LEVEL: 'warn',
    OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector:4318',
    OTEL_SERVICE_NAME: '',
  }
  expect(readEnvironment(variables)).toEqual({
    environment: {
      signingKeys: [
        { id: 2, secret },
        { id: 1, secret: `${secret}:x` },
      ],
      redisPassword: 'p',
      sentinelPassword: 's',
      logLevel: 'warn',
      openTelemetry: { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector:4318' },
    },
  })
})

test.each([
  ['no id', secret],
  ['a short secret', '1:short'],
  ['an id over 255', `256:${secret}`],
  ['a broken second key', `1:${secret},2`],
  ['an id twice', `1:${secret},1:${secret}`],
])('%s is refused without repeating the secret', (_what, value) => {
  const result = readEnvironment({ BANDIT_SIGNING_KEYS: value })
  expect(result).toEqual({ faults: [expect.stringMatching(/^BANDIT_SIGNING_KEYS: /)] })
  expect(JSON.stringify(result)).not.toContain(value)
})

test('every fault is told', () => {
  const result = readEnvironment({ BANDIT_SIGNING_KEYS: 'x', LOG_LEVEL: 'loud' })
  expect('faults' in result && result.faults).toHaveLength(2)
})

test('a password joins the address of a Redis and of nothing else', () => {
  const url = new URL(withPassword('redis://user@cache:6379/1', 'a/b@c%'))
  expect([url.username, decodeURIComponent(url.password), url.host]).toEqual(['user', 'a/b@c%', 'cache:6379'])
  expect(withPassword('redis-sentinel://joe@a:1,b:2/m', 'p@')).toBe('redis-sentinel://joe:p%40@a:1,b:2/m')
  expect(withPassword('rediss-cluster://a:1,b:2', 'p')).toBe('rediss-cluster://:p@a:1,b:2')
  expect(withPassword('sqlite:/x.db', 'p')).toBe('sqlite:/x.db')
  expect(withPassword('redis://cache', undefined)).toBe('redis://cache')
})
