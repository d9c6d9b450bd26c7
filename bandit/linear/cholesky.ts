/**
 * The lower triangle L of G + λ I = L Lᵀ, row by row, from the upper triangle of a symmetric G ≥ 0, row by row.
 * What is left to factorise after each step has no eigenvalue below λ, so a pivot below λ is rounding and is lifted
 * to it: the factor always exists. N. Higham, Accuracy and Stability of Numerical Algorithms, chapter 10.
 */
export function factorise(upper: Float64Array, dimension: number, ridge: number): Float64Array {
  const lower = new Float64Array(upper.length)
  for (let i = 0; i < dimension; i++) {
    const row = rowStart(i)
    for (let j = 0; j <= i; j++) {
      const other = rowStart(j)
      let rest = upper[j * dimension - other + i]!
      for (let k = 0; k < j; k++) rest -= lower[row + k]! * lower[other + k]!
      lower[row + j] = i === j ? Math.sqrt(Math.max(ridge, rest + ridge)) : rest / lower[other + j]!
    }
  }
  return lower
}

/** y with L y = b, into `y`. */
export function solveLower(lower: Float64Array, b: Float64Array, y: Float64Array): void {
  for (let i = 0; i < b.length; i++) {
    const row = rowStart(i)
    let rest = b[i]!
    for (let k = 0; k < i; k++) rest -= lower[row + k]! * y[k]!
    y[i] = rest / lower[row + i]!
  }
}

/** x with Lᵀ x = y, into `x`. */
export function solveUpper(lower: Float64Array, y: Float64Array, x: Float64Array): void {
  for (let i = y.length - 1; i >= 0; i--) {
    let rest = y[i]!
    for (let k = i + 1; k < y.length; k++) rest -= lower[rowStart(k) + i]! * x[k]!
    x[i] = rest / lower[rowStart(i) + i]!
  }
}

function rowStart(row: number): number {
  return (row * (row + 1)) / 2
}
