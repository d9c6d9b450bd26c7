import { createHmac, createPublicKey, randomBytes } from 'node:crypto'
import { audience, issuer, newPair, serveKeys, sign } from '../../support/issuer.ts'
import { digits } from '../bench/digits.ts'
import { demand, type Scenario } from '../bench/scenario.ts'

const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')

const tokens: Scenario = {
  id: 'G3',
  does: 'sends tokens without an algorithm, without the name of a key, signed with the public key, expired, for others, and 1,000 by unknown keys; then the issuer hangs',
  expects: '401 each, one fetch of the keys; with the issuer away known keys go on',
  shownBy: 'test/gateway/security/keys/tokens.test.ts',
  async run(bench) {
    const [pair, impostor] = [await newPair('1'), await newPair('1')]
    const keys = await serveKeys([pair])
    bench.atEnd(keys.close)
    const auth = {
      jwt: { issuer, audience, jwks_url: keys.url, algorithms: ['ES256'], scopes_prefix: 'bandit:' },
    }
    const { call } = await bench.gateway({ config: digits({ models: ['logistic'], more: { auth } }) })
    const exp = Math.floor(Date.now() / 1000) + 600
    const claims = { iss: issuer, aud: audience, sub: 'shop', exp, scope: 'bandit:metrics' }
    const ask = async (token: string): Promise<number> =>
      (await call('/metrics', { headers: { authorization: `Bearer ${token}` } })).status
    const sound = { exp, scope: 'bandit:metrics' }
    demand((await ask(await sign(pair, sound))) === 200, 'a sound token is refused')
    const pem = createPublicKey({ key: pair.jwk, format: 'jwk' }).export({ type: 'spki', format: 'pem' })
    const confused = `${part({ alg: 'HS256', kid: '1' })}.${part(claims)}`
    const wrong: Readonly<Record<string, string>> = {
      'alg none': `${part({ alg: 'none' })}.${part(claims)}.`,
      HS256: `${confused}.${createHmac('sha256', pem).update(confused).digest('base64url')}`,
      expired: await sign(pair, { ...sound, exp: exp - 6000 }),
      'other audience': await sign(pair, { ...sound, aud: 'other' }),
      'other issuer': await sign(pair, { ...sound, iss: 'https://evil.test/' }),
      impostor: await sign(impostor, sound),
      'no kid': await sign(pair, sound, { kid: undefined }),
    }
    const seen: string[] = []
    for (const [name, token] of Object.entries(wrong)) {
      const status = await ask(token)
      demand(status === 401, `${name} is answered ${status}`)
      seen.push(`${name} ${status}`)
    }
    const seal = randomBytes(64).toString('base64url')
    const unknown = Array.from(
      { length: 1000 },
      (_, at) => `${part({ alg: 'ES256', kid: `x${at}` })}.${part(claims)}.${seal}`,
    )
    const statuses = new Set(await Promise.all(unknown.map(ask)))
    // After 20 from one address nobody is told more than that it was too often.
    demand(
      [...statuses].every((status) => status === 401 || status === 429),
      `unknown keys are answered ${[...statuses].join(', ')}`,
    )
    demand(keys.state.fetches === 1, `the keys were fetched ${keys.state.fetches} times`)
    keys.state.stuck = true
    const startedAt = performance.now()
    demand((await ask(await sign(pair, { ...sound, sub: 'later' }))) === 200, 'known keys do not go on')
    return `${seen.join(', ')}; 1,000 unknown keys ${[...statuses].join(' or ')}, 1 fetch; issuer stuck: 200 in ${Math.round(performance.now() - startedAt)} ms`
  },
}

export const tokenScenarios: readonly Scenario[] = [tokens]
