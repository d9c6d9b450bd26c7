import type { Identify } from '../authorise.ts'
import { unauthenticated } from '../authorise.ts'
import type { KeyRing } from './key-ring.ts'

/** Callers by their keys. What was sent is never repeated. */
export function identifyByKey(ring: () => KeyRing): Identify {
  return (secret) => {
    const found = ring().find(secret)
    if (found === 'malformed')
      throw unauthenticated('this is not a whole key: copy it again, from bandit_ to its end')
    if (found === 'unknown')
      throw unauthenticated('this key is not known here, or no longer: ask the operator for another')
    return found
  }
}
