/** Rows of numbers from −1 to 1. */
export function randomRows(count: number, dimension: number, random: () => number): Float64Array[] {
  return Array.from({ length: count }, () => Float64Array.from({ length: dimension }, () => 2 * random() - 1))
}

/** Upper triangle of Σ x xᵀ, row by row. */
export function upperOf(rows: readonly Float64Array[], dimension: number): Float64Array {
  const entries: number[] = []
  for (let i = 0; i < dimension; i++)
    for (let j = i; j < dimension; j++) entries.push(rows.reduce((sum, x) => sum + x[i]! * x[j]!, 0))
  return Float64Array.from(entries)
}

/** (G + λ I)⁻¹ by Gauss and Jordan, with the largest pivot of each column. */
export function inverseOf(upper: Float64Array, dimension: number, ridge: number): number[][] {
  const full = Array.from({ length: dimension }, () => Array.from({ length: 2 * dimension }, () => 0))
  let at = 0
  for (let i = 0; i < dimension; i++) {
    for (let j = i; j < dimension; j++) full[i]![j] = full[j]![i] = upper[at++]!
    full[i]![i]! += ridge
    full[i]![dimension + i] = 1
  }
  for (let column = 0; column < dimension; column++) {
    const below = full.slice(column).map((row) => Math.abs(row[column]!))
    const pivot = column + below.indexOf(Math.max(...below))
    ;[full[column], full[pivot]] = [full[pivot]!, full[column]!]
    const scale = full[column]![column]!
    full[column] = full[column]!.map((value) => value / scale)
    for (const [index, row] of full.entries()) {
      const factor = row[column]!
      if (index !== column) full[index] = row.map((value, k) => value - factor * full[column]![k]!)
    }
  }
  return full.map((row) => row.slice(dimension))
}
