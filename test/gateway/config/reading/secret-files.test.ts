import { expect, test } from 'vitest'
import { readEnvironment } from '../../../../gateway/config/reading/environment.ts'

const secret = 's'.repeat(32)
const files: Readonly<Record<string, string>> = {
  '/run/keys': `2:${secret}\n1:${secret}x\n`,
  '/run/password': 'p@ss word\n',
  '/run/nothing': '\n',
  '/run/bad': 'not a key but as secret as one',
}
const read = (path: string) => {
  const text = files[path]
  if (text === undefined) throw new Error(`ENOENT: no such file or directory, open '${path}'`)
  return text
}

test('every secret may stand in a file', () => {
  const variables = {
    BANDIT_SIGNING_KEYS_FILE: '/run/keys',
    BANDIT_REDIS_PASSWORD_FILE: '/run/password',
    BANDIT_SENTINEL_PASSWORD_FILE: '/run/password',
  }
  expect(readEnvironment(variables, read)).toMatchObject({
    environment: {
      signingKeys: [
        { id: 2, secret },
        { id: 1, secret: `${secret}x` },
      ],
      redisPassword: 'p@ss word',
      sentinelPassword: 'p@ss word',
    },
  })
})

test.each([
  [{ BANDIT_REDIS_PASSWORD_FILE: '/run/none' }, /^BANDIT_REDIS_PASSWORD_FILE: ENOENT.*\/run\/none/],
  [{ BANDIT_REDIS_PASSWORD_FILE: '/run/nothing' }, /^BANDIT_REDIS_PASSWORD_FILE: there is nothing in/],
  [
    { BANDIT_REDIS_PASSWORD_FILE: '/run/password', BANDIT_REDIS_PASSWORD: 'p' },
    /^BANDIT_REDIS_PASSWORD_FILE: BANDIT_REDIS_PASSWORD is set too/,
  ],
  [{ BANDIT_SIGNING_KEYS_FILE: '/run/bad' }, /^BANDIT_SIGNING_KEYS: expected id:secret pairs/],
])('%o is refused, and no secret repeated', (variables, message) => {
  const result = readEnvironment(variables, read)
  expect(result).toEqual({ faults: [expect.stringMatching(message)] })
  for (const text of ['p@ss word', files['/run/bad']!]) expect(JSON.stringify(result)).not.toContain(text)
})
