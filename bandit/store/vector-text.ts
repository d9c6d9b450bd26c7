/**
 * Sums as text, numbers separated by a space, so that a person can read them in the store. A number's shortest
 * text reads back as the same double.
 */
export function toText(vector: Float64Array): string {
  return vector.join(' ')
}

export function parseVector(text: string): Float64Array {
  return Float64Array.from(text.split(' '), Number)
}
