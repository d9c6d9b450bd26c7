import type { CrossFault } from '../cross-fault.ts'
import { partOf } from '../reading/raw.ts'

/** TLS settings against the store that they are for. */
export function* checkStoreTls(raw: unknown): Iterable<CrossFault> {
  const tls = partOf(raw, 'store_tls')
  if (tls === undefined) return
  const store = partOf(raw, 'store')
  if (typeof store !== 'string' || !store.startsWith('rediss')) {
    const message = 'the store is reached without TLS: begin its address with rediss, or take this out'
    yield { path: ['store_tls'], message, atKey: true }
  }
  if ((partOf(tls, 'cert') === undefined) === (partOf(tls, 'key') === undefined)) return
  yield { path: ['store_tls'], message: 'a certificate has its key: give cert and key, or neither' }
}
