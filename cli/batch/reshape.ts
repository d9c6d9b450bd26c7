/** Nested lists of this shape from a flat one, row by row; what is nested already stays as it is. */
export function reshape(data: readonly unknown[], shape: readonly number[]): readonly unknown[] {
  const [rows, ...rest] = shape
  if (rows === undefined || rest.length === 0 || Array.isArray(data[0])) return data
  const size = data.length / rows
  return Array.from({ length: rows }, (_, row) => reshape(data.slice(row * size, (row + 1) * size), rest))
}
