import { expect, test } from 'vitest'
import { parseRedisAddress, withRedisPassword } from '../../../../bandit/store/redis/redis-address.ts'

const of = (host: string, port: number) => ({ host, port })

test.each([
  ['redis://cache', { kind: 'server', tls: false, nodes: [of('cache', 6379)], master: '', db: 0 }],
  [
    'rediss://joe:s%40lt@[::1]:1/3',
    {
      kind: 'server',
      tls: true,
      username: 'joe',
      password: 's@lt',
      nodes: [of('::1', 1)],
      master: '',
      db: 3,
    },
  ],
  [
    'redis-sentinel://a:1,b/mymaster/2',
    { kind: 'sentinel', tls: false, nodes: [of('a', 1), of('b', 26_379)], master: 'mymaster', db: 2 },
  ],
  [
    'rediss-cluster://:5%@a,b:2',
    { kind: 'cluster', tls: true, password: '5%', nodes: [of('a', 6379), of('b', 2)], master: '', db: 0 },
  ],
])('%s is understood', (text, address) => {
  expect(parseRedisAddress(text)).toEqual(address)
})

test.each([
  'http://a',
  'redis:a',
  'redis://',
  'redis://a,b',
  'redis://a:99999',
  'redis://a/b',
  'redis://a?db=1',
  'redis-sentinel://a,b',
  'redis-cluster://a/1',
  'redis-cluster://a,,b',
  'redis-ring://a',
])('%s is refused', (text) => {
  expect(parseRedisAddress(text)).toBeUndefined()
})

test('a password takes the place of another, whatever is in it', () => {
  for (const address of ['redis-cluster://joe@a:1,b:2', 'redis-cluster://joe:old@a:1,b:2'])
    expect(parseRedisAddress(withRedisPassword(address, 'a/b@c%,'))).toMatchObject({
      username: 'joe',
      password: 'a/b@c%,',
      nodes: [of('a', 1), of('b', 2)],
    })
})
