import type { NamedLimits } from './limits.ts'

/** True when without this arm there would be no answer: guardrails leave such an arm alone. */
export function nobodyElse(
  name: string,
  limits: readonly NamedLimits[],
  running: ReadonlyMap<string, { available(): boolean }>,
): boolean {
  return !limits.some(
    (other) =>
      other.name !== name && other.excluded !== true && (running.get(other.name)?.available() ?? false),
  )
}
