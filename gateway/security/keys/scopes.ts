/**
 * What a key may be for. `observe` is to look: endpoints and the console; `admin` is to change arms, and to look.
 */
export const scopeNames = ['predict', 'feedback', 'observe', 'metrics', 'admin'] as const
export type Scope = (typeof scopeNames)[number]

/** Scopes that concern single endpoints, so that a key with them can be held to some. */
export const endpointScopes: readonly Scope[] = ['predict', 'feedback']

const alsoEnough: Readonly<Partial<Record<Scope, Scope>>> = { observe: 'admin' }

export function allows(held: ReadonlySet<Scope>, wanted: Scope): boolean {
  const other = alsoEnough[wanted]
  return held.has(wanted) || (other !== undefined && held.has(other))
}
