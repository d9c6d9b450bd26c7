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

/** Reads one vector of a state under a name that no other one of the state has. */
export type ReadVector = (name: string, text: string) => Float64Array

/**
 * Reads state after state: a vector whose text is that of the state before is the same object again. What open buckets
 * hold is large and mostly of buckets that nobody adds to any more.
 */
export function createVectorReader(): () => ReadVector {
  let before = new Map<string, { readonly text: string; readonly vector: Float64Array }>()
  return () => {
    const known = before
    const next: typeof before = new Map()
    before = next
    return (name, text) => {
      const same = known.get(name)
      const entry = same?.text === text ? same : { text, vector: parseVector(text) }
      next.set(name, entry)
      return entry.vector
    }
  }
}
