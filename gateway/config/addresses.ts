import { resolve } from 'node:path'
import type { z } from 'zod'

type Issues = z.core.$RefinementCtx<string>

/** `host:port`, with IPv6 hosts in brackets. Port 0 takes any free one. */
export function parseAddress(text: string, issues: Issues): { host: string; port: number } {
  const [, bracketed, host, digits] = /^(?:\[([^\]]+)\]|([^:[\]]+)):(\d{1,5})$/.exec(text) ?? []
  const port = Number(digits)
  if (port <= 65_535) return { host: bracketed ?? host!, port }
  return refuse(issues, 'expected host:port, such as 127.0.0.1:8080, 0.0.0.0:80 or [::1]:8080')
}

/** `sqlite:<path>`, `redis://host:port/db` or `rediss://…`, as it was written. */
export function parseStore(text: string, issues: Issues): string {
  if (/^sqlite:./.test(text)) return text
  if (/^redis-(sentinel|cluster):/.test(text)) {
    return refuse(issues, 'only single Redis servers are supported yet: use redis:// or rediss://')
  }
  const url = URL.parse(text)
  if (url === null || !/^rediss?:$/.test(url.protocol) || url.hostname === '') {
    return refuse(issues, 'expected sqlite:<path>, redis://host:port or rediss://host:port')
  }
  if (url.password !== '') {
    return refuse(
      issues,
      'a password does not belong in this file: take it out and set BANDIT_REDIS_PASSWORD',
    )
  }
  return text
}

/** The store's address with its path starting from `folder`. */
export function resolveStore(store: string, folder: string): string {
  const path = /^sqlite:(?!:memory:$)(.+)$/.exec(store)?.[1]
  return path === undefined ? store : `sqlite:${resolve(folder, path)}`
}

/** The store's address with the password that the environment has for it. */
export function withPassword(store: string, password: string | undefined): string {
  if (password === undefined || !/^rediss?:/.test(store)) return store
  const url = new URL(store)
  url.password = encodeURIComponent(password)
  return url.href
}

function refuse(issues: Issues, message: string): never {
  issues.issues.push({ code: 'custom', message, input: issues.value })
  return undefined as never
}
