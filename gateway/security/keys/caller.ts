import type { Scope } from './scopes.ts'
import type { Rate } from '../limits/token-buckets.ts'

/** Who sent a request, as far as their key tells. */
export interface Caller {
  /** For logs. */
  readonly name: string
  /** For metrics: one of the few that the configuration names. */
  readonly label: string
  readonly scopes: ReadonlySet<Scope>
  /** Absent = every endpoint. */
  readonly endpoints?: ReadonlySet<string> | undefined
  /** Whose predictions, ids and feedback are not those of others; absent = everybody's. */
  readonly tenant?: string | undefined
  /** Of what an endpoint learns; that of all keys when absent, and 1 is held to none. */
  readonly rewardShare?: number | undefined
  /** Requests, and of feedback lines; a scope that is absent has no limit. */
  readonly rates?: { readonly [S in Scope]?: Rate | undefined } | undefined
}

export function mayUse({ endpoints }: Caller, endpoint: string): boolean {
  return endpoints === undefined || endpoints.has(endpoint)
}
