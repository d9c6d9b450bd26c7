import { Counter, type Registry } from 'prom-client'

/** Requests by whose key they bear and what became of them. */
export interface AccessMetrics {
  /** `key` is a name from the configuration, or '' where there is no such key. */
  asked(key: string, outcome: 'allowed' | 'forbidden' | 'limited' | 'unauthenticated'): void
}

export function createAccessMetrics(registry: Registry): AccessMetrics {
  const requests = new Counter({
    name: 'bandit_access_total',
    help: 'Requests to routes that need a key, by its name and what became of them; none where there are no keys',
    labelNames: ['key', 'outcome'],
    registers: [registry],
  })
  return { asked: (key, outcome) => requests.inc({ key, outcome }) }
}
