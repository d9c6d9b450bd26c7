import { createHmac, createPublicKey, randomBytes } from 'node:crypto'
import { describe, expect, onTestFinished, test } from 'vitest'
import type { TokenConfig } from '../../../../gateway/config/access/auth-config.ts'
import { GatewayError } from '../../../../gateway/errors.ts'
import { openAccess } from '../../../../gateway/security/access.ts'
import { waitUntil } from '../../../support/wait-until.ts'
import { startIssuer } from '../../../fixtures/issuer.ts'
import { audience, issuer, newPair, sign, type SigningPair } from '../../../support/issuer.ts'
import { quietLogger } from '../../../fixtures/quiet-logger.ts'

const [first, second, rsa] = await Promise.all([newPair('1'), newPair('2'), newPair('3', 'RS256')])

async function open(pairs: readonly SigningPair[], settings: Partial<TokenConfig> = {}, outbound = {}) {
  const { state, url } = await startIssuer(pairs)
  const time = { ms: 1_000_000 }
  const jwt: TokenConfig = {
    issuer,
    audience,
    jwksUrl: url,
    algorithms: ['ES256', 'RS256'],
    scopesClaim: 'scope',
    scopesPrefix: 'bandit:',
    clockToleranceMs: 5000,
    rates: {},
    ...settings,
  }
  const access = await openAccess({
    config: { keys: [], jwt },
    endpoints: [],
    outbound,
    logger: quietLogger,
    clock: () => time.ms,
    monotonic: () => time.ms,
  })
  onTestFinished(() => access.close())
  /** The caller's name, or the status and detail of the refusal. */
  const ask = async (token: string): Promise<string> => {
    try {
      return (await access.identify(token)).name
    } catch (error) {
      if (!(error instanceof GatewayError)) throw error
      return `${error.status} ${error.detail}`
    }
  }
  return { state, time, access, ask }
}

const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
const claims = { iss: issuer, aud: audience, sub: 'shop', exp: 2000, scope: 'bandit:admin' }

test('a token says who it is and what for', async () => {
  const { access } = await open([first], { endpointsClaim: 'endpoints' })
  const token = await sign(first, { scope: ['bandit:predict', 'bandit:feedback', 'admin'], endpoints: 'a b' })
  expect(await access.identify(token)).toEqual({
    name: 'token:shop',
    label: 'token',
    scopes: new Set(['predict', 'feedback']),
    endpoints: new Set(['a', 'b']),
    rates: {},
  })
  const without = await access.identify(await sign(first, { sub: 'other' }))
  expect(without.endpoints).toEqual(new Set())
})

test('a token may say whose caller it is, and has to where that is asked for', async () => {
  const { access, ask } = await open([first], { tenantClaim: 'org' })
  expect((await access.identify(await sign(first, { org: 'shop' }))).tenant).toBe('shop')
  expect(await ask(await sign(first))).toMatch(/^401 .*its claim org is missing or wrong/)
  for (const org of ['', 7, ['shop']])
    expect(await ask(await sign(first, { org }))).toMatch(/^401 .*its claim of a tenant is no text/)
})

describe('refused', () => {
  test('no algorithm, and the public key as if it were a shared secret', async () => {
    const { ask } = await open([first, rsa])
    const unsigned = `${part({ alg: 'none' })}.${part(claims)}.`
    expect(await ask(unsigned)).toMatch(/^401 .*(signed in a way|whole token)/)
    const pem = createPublicKey({ key: rsa.jwk, format: 'jwk' }).export({
      type: 'spki',
      format: 'pem',
    })
    const body = `${part({ alg: 'HS256', kid: '3' })}.${part(claims)}`
    const confused = `${body}.${createHmac('sha256', pem).update(body).digest('base64url')}`
    expect(await ask(confused)).toMatch(/^401 the token is signed in a way that is not taken here/)
  })

  test('an algorithm of the issuer that is not configured', async () => {
    const { ask } = await open([rsa], { algorithms: ['ES256'] })
    expect(await ask(await sign(rsa))).toMatch(/^401 the token is signed in a way that is not taken here/)
  })

  test.each([
    ['for another audience', { aud: 'other' }, 'its claim aud is missing or wrong'],
    ['of another issuer', { iss: 'https://evil.test/' }, 'its claim iss is missing or wrong'],
    ['that is not valid yet', { nbf: 1006 }, 'its claim nbf is missing or wrong'],
    ['that never expires', { exp: undefined }, 'its claim exp is missing or wrong'],
    ['of nobody', { sub: undefined }, 'its claim sub is missing or wrong'],
    ['without scopes', { scope: undefined }, 'its claim scope is missing or wrong'],
    ['that has expired', { exp: 994 }, 'has expired'],
  ] as [string, Record<string, unknown>, string][])('one %s', async (_what, wrong, detail) => {
    const { ask } = await open([first])
    expect(await ask(await sign(first, wrong))).toMatch(new RegExp(`^401 .*${detail}`))
  })

  test('one that was changed, cut, or signed by somebody else', async () => {
    const { ask } = await open([first])
    const [head, , seal] = (await sign(first)).split('.')
    expect(await ask(`${head}.${part(claims)}.${seal}`)).toMatch(/^401 the signature of the token is wrong/)
    expect(await ask(`${head}.${part(claims)}.`)).toMatch(/^401/)
    expect(await ask('a.b.c')).toMatch(/^401 this is not a whole token/)
    const impostor = await newPair('1')
    expect(await ask(await sign(impostor))).toMatch(/^401 the signature of the token is wrong/)
  })
})

test('clocks may differ a little, and a verdict is not kept beyond the expiry', async () => {
  const { ask, time } = await open([first])
  const token = await sign(first, { exp: 996 })
  expect(await ask(token)).toBe('token:shop')
  time.ms = 1_002_000
  expect(await ask(token)).toMatch(/^401 .*has expired/)
})

test.each([undefined, ''])(
  'a token that names no key (%j) is refused, also where there is only one',
  async (kid) => {
    const { ask, state } = await open([first])
    expect(await ask(await sign(first, {}, { kid }))).toMatch(
      /^401 the token does not say by which key it is signed: have its issuer put the kid/,
    )
    expect(state.fetches).toBe(0)
  },
)

test('a new key is found when a token comes that is signed by it; the old one is worth nothing when it is gone', async () => {
  const { ask, state, time } = await open([first])
  const old = await sign(first)
  expect(await ask(old)).toBe('token:shop')
  state.keys = [second.jwk]
  const unknown = '401 the token is signed by a key that is not known here: get a new one'
  expect(await ask(await sign(second, { sub: 'new' }))).toBe(unknown)
  time.ms += 61_000
  expect(await ask(await sign(second, { sub: 'new' }))).toBe('token:new')
  expect(await ask(old)).toBe(unknown)
  expect(state.fetches).toBe(2)
})

test('one without it is not tried with each of several', async () => {
  const { ask } = await open([first, second])
  expect(await ask(await sign(first, {}, { kid: undefined }))).toMatch(/^401 /)
})

test('keys are not fetched from where the gateway may not call', async () => {
  const { ask, state } = await open([first], {}, { allow: ['login.test'] })
  expect(await ask(await sign(first))).toMatch(/^503 /)
  expect(state.fetches).toBe(0)
})

test('made-up names of keys cause no storm of fetches', async () => {
  const { ask, state } = await open([first])
  await ask(await sign(first))
  const seal = randomBytes(64).toString('base64url')
  const tokens = Array.from(
    { length: 1000 },
    (_, i) => `${part({ alg: 'ES256', kid: `x${i}` })}.${part(claims)}.${seal}`,
  )
  const verdicts = await Promise.all(tokens.map(ask))
  expect(new Set(verdicts)).toEqual(
    new Set(['401 the token is signed by a key that is not known here: get a new one']),
  )
  expect(state.fetches).toBe(1)
})

test('with the issuer away, keys that are known go on; none known, it is said to come again', async () => {
  const { ask, state, time } = await open([first])
  state.status = 500
  expect(await ask(await sign(first))).toMatch(/^503 the keys of the issuer cannot be fetched now/)
  const fetches = state.fetches
  await ask(await sign(first))
  expect(state.fetches).toBe(fetches)
  time.ms += 5000
  state.status = 200
  expect(await ask(await sign(first))).toBe('token:shop')
  state.status = 500
  time.ms += 700_000
  expect(await ask(await sign(first, { sub: 'later' }))).toBe('token:later')
  await waitUntil(() => state.fetches > fetches + 1, { what: 'the keys are fetched again' })
})
