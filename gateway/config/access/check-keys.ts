import { endpointScopes } from '../../security/keys/scopes.ts'
import type { CrossFault } from '../cross-fault.ts'
import { nearest } from '../reading/nearest.ts'
import type { Path } from '../reading/positions.ts'
import { partOf } from '../reading/raw.ts'

/** Keys against each other and against the endpoints that there are. */
export function* checkKeys(path: Path, keys: unknown, endpoints: readonly string[]): Iterable<CrossFault> {
  if (!Array.isArray(keys)) return
  for (const field of ['name', 'sha256']) {
    const values = keys.map((key) => partOf(key, field))
    for (const [index, value] of values.entries()) {
      if (typeof value !== 'string' || values.indexOf(value) === index) continue
      const message = `another key has the same ${field}: give each its own`
      yield { path: [...path, index, field], message }
    }
  }
  for (const [index, key] of keys.entries()) yield* checkEndpoints([...path, index], key, endpoints)
}

function* checkEndpoints(path: Path, key: unknown, endpoints: readonly string[]): Iterable<CrossFault> {
  const bound = partOf(key, 'endpoints')
  if (!Array.isArray(bound)) return
  for (const [index, name] of bound.entries()) {
    if (typeof name !== 'string' || endpoints.includes(name)) continue
    const near = nearest(name, endpoints)
    const mend = near === undefined ? `there are ${endpoints.join(', ')}` : `did you mean ${near}?`
    yield { path: [...path, 'endpoints', index], message: `there is no endpoint ${name}: ${mend}` }
  }
  const scopes = partOf(key, 'scopes')
  if (!Array.isArray(scopes)) return
  for (const [index, scope] of scopes.entries()) {
    if (endpointScopes.includes(scope)) continue
    const message = `only ${endpointScopes.join(' and ')} can be held to endpoints: make another key for ${String(scope)}`
    yield { path: [...path, 'scopes', index], message }
  }
}
