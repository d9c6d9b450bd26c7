import type { ArmBelief } from '../../bandit/index.ts'

type LinearSums = NonNullable<ArmBelief['linear']>

/** Sums over contexts as they stand in a line. */
interface LoggedSums {
  readonly dimension: number
  readonly gram: readonly number[]
  readonly moment: readonly number[]
}

export function toLoggedSums({ dimension, gram, moment }: LinearSums): LoggedSums {
  return { dimension, gram: [...gram], moment: [...moment] }
}

/** What a line says of an arm, as the policy was told it. */
export function toBelief(logged: Readonly<Record<string, unknown>>): ArmBelief {
  const belief = logged as unknown as ArmBelief
  const sums = logged['linear'] as LoggedSums | undefined
  if (sums === undefined) return belief
  const [gram, moment] = [Float64Array.from(sums.gram), Float64Array.from(sums.moment)]
  return { ...belief, linear: { dimension: sums.dimension, gram, moment } }
}
