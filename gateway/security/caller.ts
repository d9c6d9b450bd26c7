import type { Scope } from './scopes.ts'

/** Who sent a request, as far as their key tells. */
export interface Caller {
  /** From the configuration: fit for logs and labels. */
  readonly name: string
  readonly scopes: ReadonlySet<Scope>
  /** Absent = every endpoint. */
  readonly endpoints?: ReadonlySet<string> | undefined
}

export function mayUse({ endpoints }: Caller, endpoint: string): boolean {
  return endpoints === undefined || endpoints.has(endpoint)
}
