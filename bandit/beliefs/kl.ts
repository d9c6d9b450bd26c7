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

/** Seven are usual; so many halvings of a bracket at most 1 wide are below the spacing of doubles near 1. */
const mostSteps = 54

/** A step so small has all but arrived. */
const arrived = 1e-12

/**
 * The largest q ≥ p with kl(p, q) ≤ level: the upper confidence bound of a mean seen at `p`. Newton's method from
 * p + √(level / 2), which is never below the bound (Pinsker), inside a bracket that is halved where a step would leave
 * it. It returns the lower end, for which the inequality holds.
 */
export function klUpperBound(p: number, level: number): number {
  if (p >= 1 || level <= 0) return Math.min(1, p)
  if (p <= 0) return -Math.expm1(-level)
  let low = p
  let high = Math.min(1, p + Math.sqrt(level / 2))
  let q = high < 1 ? high : (low + high) / 2
  for (let step = 0; step < mostSteps; step++) {
    const excess = bernoulliKl(p, q) - level
    if (excess > 0) high = q
    else low = q
    // The slope of kl in q is (q − p) / (q (1 − q)).
    const stride = (excess * q * (1 - q)) / (q - p)
    // kl is convex, so strides from above stay above: the last one goes twice as far, for the bracket to close.
    const next = excess > 0 && stride < arrived ? q - 2 * stride - Number.EPSILON : q - stride
    q = next > low && next < high ? next : (low + high) / 2
    if (q <= low || q >= high) break
  }
  return low
}
