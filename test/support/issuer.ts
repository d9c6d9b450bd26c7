import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { exportJWK, generateKeyPair, SignJWT, type JWK } from 'jose'

export interface SigningPair {
  readonly kid: string
  readonly alg: string
  readonly privateKey: Parameters<SignJWT['sign']>[0]
  readonly jwk: JWK
}

export async function newPair(kid: string, alg = 'ES256'): Promise<SigningPair> {
  const { publicKey, privateKey } = await generateKeyPair(alg)
  return { kid, alg, privateKey, jwk: { ...(await exportJWK(publicKey)), kid, alg, use: 'sig' } }
}

/** Somebody who issues tokens, with a real server for the public keys. */
export async function serveKeys(pairs: readonly SigningPair[]) {
  const state = { keys: pairs.map(({ jwk }) => jwk), status: 200, fetches: 0, stuck: false }
  const server = createServer((_request, response) => {
    state.fetches++
    if (state.stuck) return
    response.writeHead(state.status, { 'content-type': 'application/json' })
    response.end(JSON.stringify({ keys: state.keys }))
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    state,
    url: `http://127.0.0.1:${port}/jwks.json`,
    close: (): void => {
      server.close()
      server.closeAllConnections()
    },
  }
}

export const issuer = 'https://issuer.test/'
export const audience = 'bandit-gateway'

/** A token that is right in everything but what `claims` and `header` say. */
export function sign(
  { kid, alg, privateKey }: SigningPair,
  claims: Record<string, unknown> = {},
  header: { kid?: string | undefined } = {},
): Promise<string> {
  const sound = { iss: issuer, aud: audience, sub: 'shop', exp: 2000, scope: 'bandit:predict openid' }
  const named = 'kid' in header ? header.kid : kid
  return new SignJWT({ ...sound, ...claims })
    .setProtectedHeader({ alg, ...(named !== undefined && { kid: named }) })
    .sign(privateKey)
}
