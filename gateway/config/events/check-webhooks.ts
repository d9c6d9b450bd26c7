import type { CrossFault } from '../cross-fault.ts'
import { partOf } from '../reading/raw.ts'

/** Headers that say what was sent and by whom: nobody else may set them. */
const own = /^(content-.*|host|connection|transfer-encoding|user-agent|webhook-.*)$/i

export function* checkWebhooks(webhooks: unknown): Iterable<CrossFault> {
  if (!Array.isArray(webhooks)) return
  const names = new Map<string, number>()
  for (const [index, webhook] of webhooks.entries()) {
    const path = ['events', 'webhooks', index]
    const address = partOf(webhook, 'url')
    const url = typeof address === 'string' ? URL.parse(address) : null
    if (url !== null) yield* checkAddress([...path, 'url'], url, partOf(webhook, 'allow_http') === true)
    yield* checkSecret(path, webhook)
    for (const header of Object.keys(partOf(webhook, 'headers_env') ?? {})) {
      if (!own.test(header)) continue
      const message = 'this header is set by the gateway: take it out'
      yield { path: [...path, 'headers_env', header], message, atKey: true }
    }
    const given = partOf(webhook, 'name') ?? url?.host
    if (typeof given !== 'string') continue
    const first = names.get(given)
    if (first !== undefined) {
      yield { path, message: `it has the name of number ${first + 1}, ${given}: give it a name of its own` }
    }
    names.set(given, first ?? index)
  }
}

function* checkAddress(path: CrossFault['path'], url: URL, allowsHttp: boolean): Iterable<CrossFault> {
  if (url.username !== '' || url.password !== '') {
    yield { path, message: 'a password does not belong in this file: send it as a header, by headers_env' }
  }
  const isLoopback = /^(localhost|127(\.\d+){3}|\[::1\])$/.test(url.hostname)
  if (url.protocol === 'http:' && !isLoopback && !allowsHttp) {
    yield {
      path,
      message: 'events would cross the network in the clear: use https://, or set allow_http: true',
    }
  }
}

function* checkSecret(path: CrossFault['path'], webhook: unknown): Iterable<CrossFault> {
  const given = ['secret_env', 'secret_file'].filter((key) => partOf(webhook, key) !== undefined)
  if (given.length === 1) return
  const message =
    given.length === 0
      ? 'a receiver could not tell events from forgeries: add secret_env or secret_file'
      : 'there are two secrets: take secret_env or secret_file out'
  yield { path, message }
}
