import type { BetaPosterior } from '../../../bandit/beliefs/posterior.ts'

/** Samplers that share nothing with the quadrature they are held against. */

/** Beta(α, β) as X / (X + Y) with X ~ Gamma(α), Y ~ Gamma(β). */
export function sampleBeta({ alpha, beta }: BetaPosterior, uniform: () => number): number {
  const x = sampleGamma(alpha, uniform)
  return x / (x + sampleGamma(beta, uniform))
}

/** Marsaglia and Tsang, A Simple Method for Generating Gamma Variables, 2000. Below 1: Gamma(a + 1) · U^(1/a). */
function sampleGamma(shape: number, uniform: () => number): number {
  if (shape < 1) return sampleGamma(shape + 1, uniform) * uniform() ** (1 / shape)
  const d = shape - 1 / 3
  const c = 1 / Math.sqrt(9 * d)
  for (;;) {
    const normal = sampleNormal(uniform)
    const v = (1 + c * normal) ** 3
    if (v > 0 && Math.log(1 - uniform()) < normal ** 2 / 2 + d - d * v + d * Math.log(v)) return d * v
  }
}

/** Box and Muller, 1958. */
function sampleNormal(uniform: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform())
}
