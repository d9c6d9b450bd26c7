import { mayUse, type Caller } from './keys/caller.ts'

/** The endpoints that a caller may use: to them, others are not there. */
export function createVisibleEndpoints<T>(
  endpoints: ReadonlyMap<string, T>,
): (caller: Caller | undefined) => ReadonlyMap<string, T> {
  const byCaller = new WeakMap<Caller, ReadonlyMap<string, T>>()

  return (caller) => {
    if (caller?.endpoints === undefined) return endpoints
    const known = byCaller.get(caller)
    if (known !== undefined) return known
    const visible = new Map([...endpoints].filter(([name]) => mayUse(caller, name)))
    byCaller.set(caller, visible)
    return visible
  }
}
