import type { BetaPrior } from './posterior.ts'
import type { Sums } from './statistics.ts'

/** What is believed of one arm before its first reward, in place of the endpoint's prior. */
export type ArmPrior =
  | { readonly kind: 'fixed'; readonly prior: BetaPrior }
  /**
   * What another arm has learned, as if `weight` of its rewards, but `cap` at most, had been this arm's own, on
   * top of Beta(1, 1). It is read anew with every snapshot.
   */
  | { readonly kind: 'inherited'; readonly from: string; readonly weight: number; readonly cap: number }

/** A prior for each arm that has one. Only rewards are inherited, never what was itself inherited. */
export function toPriors(
  arms: readonly { readonly name: string; readonly prior?: ArmPrior | undefined }[],
  sums: readonly Sums[],
): (BetaPrior | undefined)[] {
  const byName = new Map(arms.map(({ name }, index) => [name, sums[index]!]))
  return arms.map(({ prior }) => {
    if (prior === undefined) return undefined
    if (prior.kind === 'fixed') return prior.prior
    const source = byName.get(prior.from)
    return source === undefined ? undefined : inherited(source, prior.weight, prior.cap)
  })
}

function inherited({ count, sum }: Sums, weight: number, cap: number): BetaPrior {
  const mass = Math.min(cap, weight * count)
  const mean = count > 0 ? Math.min(1, sum / count) : 0
  return { alpha: 1 + mass * mean, beta: 1 + mass * (1 - mean) }
}
