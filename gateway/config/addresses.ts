import type { z } from 'zod'
import type { StoreConfig } from './config.ts'

type Issues = z.core.$RefinementCtx<string>

/** `host:port`, with IPv6 hosts in brackets. Port 0 takes any free one. */
export function parseAddress(text: string, issues: Issues): { host: string; port: number } {
  const [, bracketed, host, digits] = /^(?:\[([^\]]+)\]|([^:[\]]+)):(\d{1,5})$/.exec(text) ?? []
  const port = Number(digits)
  if (port <= 65_535) return { host: bracketed ?? host!, port }
  return refuse(issues, 'expected host:port, such as 127.0.0.1:8080, 0.0.0.0:80 or [::1]:8080')
}

/** `sqlite:<path>`, `redis://host:port/db` or `rediss://…`. */
export function parseStore(text: string, issues: Issues): StoreConfig {
  if (/^sqlite:./.test(text)) return { kind: 'sqlite', file: text.slice('sqlite:'.length) }
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
  return { kind: 'redis', url: text }
}

function refuse(issues: Issues, message: string): never {
  issues.issues.push({ code: 'custom', message, input: issues.value })
  return undefined as never
}
