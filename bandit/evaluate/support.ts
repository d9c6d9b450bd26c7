/** Where the target goes and the log did not. */
export interface Support {
  /** Share of the target's choices that the log says nothing of, 0 to 1. */
  readonly missing: number
  /** The same by arm, where it is not 0. */
  readonly byArm: ReadonlyMap<string, number>
  /** The greatest π(a) / p(a) of any arm that could have been chosen. */
  readonly maxRatio: number
}

export interface SupportCheck {
  add(arms: readonly string[], target: Float64Array, logged: Float64Array): void
  result(): Support
}

/**
 * A log of n decisions says nothing of an arm whose propensity was below 1/n: had every decision been like that
 * one, it would still be expected to have been chosen less than once.
 */
export function createSupportCheck(decisions: number): SupportCheck {
  const missing = new Map<string, number>()
  let maxRatio = 0
  return {
    add(arms, target, logged) {
      for (let at = 0; at < target.length; at++) {
        const wanted = target[at]!
        if (wanted === 0) continue
        const had = logged[at]!
        if (had < 1 / decisions) missing.set(arms[at]!, (missing.get(arms[at]!) ?? 0) + wanted / decisions)
        if (had > 0) maxRatio = Math.max(maxRatio, wanted / had)
      }
    },
    result: () => ({
      missing: [...missing.values()].reduce((sum, share) => sum + share, 0),
      byArm: missing,
      maxRatio,
    }),
  }
}
