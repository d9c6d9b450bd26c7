/** Where in a JSON value something stands: the steps of a JSON pointer, of which `*` is each element of a list. */
export type Steps = readonly string[]

export function parsePointer(pointer: string): Steps {
  return pointer
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'))
}

/** `into` with `value` put there; lists and objects on the way come about. */
export function place(into: unknown, [step, ...rest]: Steps, value: unknown): unknown {
  if (step === undefined) return value
  if (step === '*') {
    const list: readonly unknown[] = Array.isArray(into) ? into : []
    return (value as readonly unknown[]).map((row, at) => place(list[at], rest, row))
  }
  const fields = (into ?? {}) as Readonly<Record<string, unknown>>
  return { ...fields, [step]: place(fields[step], rest, value) }
}

/** Undefined where nothing stands there. */
export function find(value: unknown, [step, ...rest]: Steps): unknown {
  if (step === undefined) return value
  if (Array.isArray(value)) {
    if (step === '*') return value.map((element) => find(element, rest))
    return find(value[Number(step)], rest)
  }
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step)) return undefined
  return find((value as Readonly<Record<string, unknown>>)[step], rest)
}
