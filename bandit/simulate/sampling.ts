import type { BetaPosterior } from '../beliefs/posterior.ts'
import type { Uniform } from './streams.ts'

/** Beta(α, β) as X / (X + Y) with X ~ Gamma(α) and Y ~ Gamma(β). */
export function sampleBeta({ alpha, beta }: BetaPosterior, uniform: Uniform): number {
  const x = sampleGamma(alpha, uniform)
  return x / (x + sampleGamma(beta, uniform))
}

/**
 * Gamma(shape, 1). G. Marsaglia and W. W. Tsang, A Simple Method for Generating Gamma Variables, ACM Transactions
 * on Mathematical Software 26 (2000); below 1 as Gamma(shape + 1) · U^(1 / shape).
 */
function sampleGamma(shape: number, uniform: Uniform): number {
  if (shape < 1) return sampleGamma(shape + 1, uniform) * (1 - uniform()) ** (1 / shape)
  const d = shape - 1 / 3
  const c = 1 / Math.sqrt(9 * d)
  for (;;) {
    const normal = sampleNormal(uniform)
    const root = 1 + c * normal
    if (root <= 0) continue
    const v = root * root * root
    const u = 1 - uniform()
    const square = normal * normal
    // The first comparison settles nearly every draw without a logarithm.
    if (u < 1 - 0.0331 * square * square) return d * v
    if (Math.log(u) < square / 2 + d - d * v + d * Math.log(v)) return d * v
  }
}

/** Student t with so many degrees of freedom: Z / √(G / ½ν) with G ~ Gamma(½ν). */
export function sampleStudentT(degrees: number, uniform: Uniform): number {
  const half = degrees / 2
  return sampleNormal(uniform) * Math.sqrt(half / sampleGamma(half, uniform))
}

/** Standard normal; the polar method of G. Marsaglia and T. A. Bray, SIAM Review 6 (1964). */
export function sampleNormal(uniform: Uniform): number {
  for (;;) {
    const x = 2 * uniform() - 1
    const y = 2 * uniform() - 1
    const square = x * x + y * y
    if (square > 0 && square < 1) return x * Math.sqrt((-2 * Math.log(square)) / square)
  }
}
