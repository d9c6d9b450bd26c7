import { hash, timingSafeEqual } from 'node:crypto'
import type { KeyConfig } from '../../config/access/auth-config.ts'
import { isApiKey } from './api-key.ts'
import type { Caller } from './caller.ts'

export interface KeyRing {
  /** `malformed` is no key at all: cut, mistyped, or something else. */
  find(key: string): Caller | 'unknown' | 'malformed'
}

interface Entry {
  readonly digest: Buffer
  readonly caller: Caller
}

/**
 * Keys by the first four bytes of their digests. What time a look-up takes could tell no more than something of a
 * digest, and to make a key of a wanted digest is as hard as to guess one; digests are still compared in constant
 * time.
 */
export function createKeyRing(keys: readonly KeyConfig[]): KeyRing {
  const entries = Map.groupBy(keys.map(toEntry), ({ digest }) => digest.readUInt32BE())

  return {
    find(key) {
      if (!isApiKey(key)) return 'malformed'
      const digest = hash('sha256', key, 'buffer')
      const candidates = entries.get(digest.readUInt32BE())
      return candidates?.find((entry) => timingSafeEqual(entry.digest, digest))?.caller ?? 'unknown'
    },
  }
}

function toEntry({ name, sha256, scopes, endpoints, tenant, rewardShare, rates }: KeyConfig): Entry {
  const caller = {
    name,
    label: name,
    scopes: new Set(scopes),
    endpoints: endpoints && new Set(endpoints),
    tenant,
    rewardShare,
    rates,
  }
  return { digest: Buffer.from(sha256, 'hex'), caller }
}
