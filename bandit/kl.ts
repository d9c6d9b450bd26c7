/** Away from 0 and 1, so that no logarithm is infinite. */
const edge = 1e-15

/**
 * kl(p, q) = p ln(p/q) + (1 − p) ln((1 − p)/(1 − q)): how hard two coins are to tell apart, in nats a toss. For
 * any rewards in [0, 1] it bounds how fast their mean concentrates, so it serves those too.
 */
export function bernoulliKl(p: number, q: number): number {
  const a = Math.min(Math.max(p, edge), 1 - edge)
  const b = Math.min(Math.max(q, edge), 1 - edge)
  return Math.max(0, a * Math.log(a / b) + (1 - a) * Math.log((1 - a) / (1 - b)))
}

/** Halvings of a bracket at most 1 wide: well below the spacing of doubles near 1. */
const halvings = 54

/**
 * The largest q ≥ p with kl(p, q) ≤ level: the upper confidence bound of a mean seen at `p`. Bisection between p
 * and p + √(level / 2), which is never below the bound (Pinsker). It returns the lower end, for which the
 * inequality holds.
 */
export function klUpperBound(p: number, level: number): number {
  if (p >= 1 || level <= 0) return Math.min(1, p)
  if (p <= 0) return -Math.expm1(-level)
  let low = p
  let high = Math.min(1, p + Math.sqrt(level / 2))
  for (let step = 0; step < halvings; step++) {
    const middle = (low + high) / 2
    if (middle <= low || middle >= high) break
    if (bernoulliKl(p, middle) > level) high = middle
    else low = middle
  }
  return low
}
