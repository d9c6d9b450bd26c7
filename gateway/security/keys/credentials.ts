import type { AppContext } from '../../http/request-info.ts'

export interface Credentials {
  readonly secret: string
  /** The browser adds them by itself, whoever made it send the request. */
  readonly isAmbient: boolean
}

/**
 * `Authorization: Bearer <key>`, `X-Api-Key: <key>`, or Basic with the key as its password, which is how a browser
 * asks its user for it. Two different ones at once count as none.
 */
export function readCredentials(c: AppContext): Credentials | undefined {
  const authorization = c.req.header('authorization')
  const apiKey = c.req.header('x-api-key')
  if (authorization === undefined) return apiKey === undefined ? undefined : toHeader(apiKey)
  if (apiKey !== undefined) return undefined
  const [, scheme, value] = /^(Bearer|Basic) +(\S+)$/i.exec(authorization) ?? []
  if (value === undefined) return undefined
  if (scheme!.toLowerCase() === 'bearer') return toHeader(value)
  const pair = Buffer.from(value, 'base64').toString()
  const colon = pair.indexOf(':')
  return colon < 0 ? undefined : { secret: pair.slice(colon + 1), isAmbient: true }
}

/** A JSON Web Token has three parts; no key has a point in it. */
export function isToken(secret: string): boolean {
  return secret.split('.', 4).length === 3
}

function toHeader(secret: string): Credentials {
  return { secret, isAmbient: false }
}
