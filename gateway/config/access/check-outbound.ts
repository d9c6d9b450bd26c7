import { parseRedisAddress } from '../../../bandit/index.ts'
import { faultOfEntry } from '../../security/outbound/allow-list.ts'
import { createOutboundJudge } from '../../security/outbound/outbound-policy.ts'
import type { CrossFault } from '../cross-fault.ts'
import type { Path } from '../reading/positions.ts'
import { entriesOf, partOf } from '../reading/raw.ts'

/** Every address that is called, held to the list of those that may be. Names are looked up when they are called. */
export function* checkOutbound(raw: unknown): Iterable<CrossFault> {
  const judge = createOutboundJudge({ allow: readAllow(raw) })
  for (const [path, text] of addresses(raw)) {
    const [message] = targetsOf(text).flatMap((target) => judge.ofUrl(target) ?? [])
    if (message !== undefined) yield { path, message }
  }
  // The store is where the operator says, but for addresses that are nobody's.
  const nobodys = createOutboundJudge({})
  const store = partOf(raw, 'store')
  const [message] = targetsOf(store).flatMap((target) => nobodys.ofUrl(target) ?? [])
  if (message !== undefined) yield { path: ['store'], message }
}

/** Hosts that are called: of a Redis, the server, the Sentinels or some nodes. */
function targetsOf(text: unknown): readonly Pick<URL, 'hostname' | 'protocol' | 'port'>[] {
  if (typeof text !== 'string') return []
  const redis = parseRedisAddress(text)
  if (redis !== undefined)
    return redis.nodes.map(({ host, port }) => ({ hostname: host, protocol: 'redis:', port: String(port) }))
  const url = URL.parse(text)
  return url === null ? [] : [url]
}

/** A list with a faulty entry has its own fault, and judges nobody. */
function readAllow(raw: unknown): readonly string[] | undefined {
  const allow = partOf(partOf(raw, 'outbound'), 'allow')
  const isSound = (entry: unknown): entry is string =>
    typeof entry === 'string' && faultOfEntry(entry) === undefined
  return Array.isArray(allow) && allow.every(isSound) ? allow : undefined
}

function* addresses(raw: unknown): Iterable<[path: Path, text: unknown]> {
  for (const [name, model] of entriesOf(raw, 'models')) {
    const url = partOf(model, 'url')
    if (!Array.isArray(url)) yield [['models', name, 'url'], url]
    else for (const [index, each] of url.entries()) yield [['models', name, 'url', index], each]
  }
  for (const [name, endpoint] of entriesOf(raw, 'endpoints')) {
    for (const [source, value] of entriesOf(endpoint, 'features')) {
      for (const key of ['feast', 'redis'])
        yield [['endpoints', name, 'features', source, key], partOf(value, key)]
    }
  }
  const webhooks = partOf(partOf(raw, 'events'), 'webhooks')
  for (const [index, webhook] of Array.isArray(webhooks) ? webhooks.entries() : []) {
    yield [['events', 'webhooks', index, 'url'], partOf(webhook, 'url')]
  }
  yield [['auth', 'jwt', 'jwks_url'], partOf(partOf(partOf(raw, 'auth'), 'jwt'), 'jwks_url')]
  yield [['telemetry', 'otlp'], partOf(partOf(raw, 'telemetry'), 'otlp')]
}
