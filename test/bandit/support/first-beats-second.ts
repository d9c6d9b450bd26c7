/**
 * P(θ₁ > θ₂) = Σ_{i<a₁} B(a₂+i, b₁+b₂) / ((b₁+i) B(1+i, b₁) B(a₂, b₂)) for whole parameters, with the first term
 * as the product Π_{j<b₁} (b₂+j) / (a₂+b₂+j) and each next one by its ratio to the last. Millions of logarithms
 * are added up, so what each addition rounds off is carried along (Kahan).
 */
export function firstBeatsSecond(a1: number, b1: number, a2: number, b2: number): number {
  let logTerm = 0
  let lost = 0
  const multiply = (logFactor: number): void => {
    const addend = logFactor - lost
    const next = logTerm + addend
    lost = next - logTerm - addend
    logTerm = next
  }
  for (let j = 0; j < b1; j++) multiply(Math.log1p(-a2 / (a2 + b2 + j)))
  let sum = 0
  for (let i = 0; i < a1; i++) {
    sum += Math.exp(logTerm)
    const below = (a2 + b1 + b2 + i) * (1 + i)
    multiply(Math.log1p(((a2 + i) * (b1 + i) - below) / below))
  }
  return sum
}
