import { resolve } from 'node:path'
import type { z } from 'zod'
import { parseRedisAddress, withRedisPassword } from '../../../bandit/index.ts'

type Issues = z.core.$RefinementCtx<string>

/** `host:port`, with IPv6 hosts in brackets. Port 0 takes any free one. */
export function parseAddress(text: string, issues: Issues): { host: string; port: number } {
  const [, bracketed, host, digits] = /^(?:\[([^\]]+)\]|([^:[\]]+)):(\d{1,5})$/.exec(text) ?? []
  const port = Number(digits)
  if (port <= 65_535) return { host: bracketed ?? host!, port }
  return refuse(issues, 'expected host:port, such as 127.0.0.1:8080, 0.0.0.0:80 or [::1]:8080')
}

/** `sqlite:<path>` or a Redis address, as it was written. */
export function parseStore(text: string, issues: Issues): string {
  if (/^sqlite:./.test(text)) return text
  const address = parseRedisAddress(text)
  if (address === undefined) return refuse(issues, `expected ${expected(text)}`)
  if (address.password !== undefined) {
    return refuse(
      issues,
      'a password does not belong in this file: take it out and set BANDIT_REDIS_PASSWORD',
    )
  }
  return text
}

/** A Redis address, as it was written. */
export function parseFeatureStore(text: string, issues: Issues): string {
  const address = parseRedisAddress(text)
  if (address === undefined) {
    return refuse(
      issues,
      'expected redis://host:port, redis-sentinel://… or redis-cluster://…, with rediss for TLS',
    )
  }
  if (address.password === undefined) return text
  return refuse(
    issues,
    'a password does not belong in this file: take it out and name its variable under password_variable',
  )
}

/** The form of the kind of store that is meant. */
function expected(text: string): string {
  if (/^rediss?-sentinel:/.test(text))
    return 'redis-sentinel://host:26379,host:26379/name with the name of the master that the Sentinels watch'
  if (/^rediss?-cluster:/.test(text))
    return 'redis-cluster://host:6379,host:6379 with some nodes of the Cluster, which has no database but 0'
  return 'sqlite:<path>, redis://host:port, redis-sentinel://host:port,…/name or redis-cluster://host:port,…, with rediss for TLS'
}

/** The store's address with its path starting from `folder`. */
export function resolveStore(store: string, folder: string): string {
  const path = /^sqlite:(?!:memory:$)(.+)$/.exec(store)?.[1]
  return path === undefined ? store : `sqlite:${resolve(folder, path)}`
}

/** The store's address with the password that the environment has for it. */
export function withPassword(store: string, password: string | undefined): string {
  const isRedis = password !== undefined && parseRedisAddress(store) !== undefined
  return isRedis ? withRedisPassword(store, password) : store
}

function refuse(issues: Issues, message: string): never {
  issues.issues.push({ code: 'custom', message, input: issues.value })
  return undefined as never
}
