/** Something that happened, with its place in the order of everything the console was told. */
export interface Numbered<T> {
  readonly sequence: number
  readonly item: T
}

/** The newest `capacity` items; a write costs the same however many there are. */
export interface Ring<T> {
  add(sequence: number, item: T): void
  /** Oldest first, those with a greater sequence. */
  after(sequence: number): T[]
}

export function createRing<T>(capacity: number): Ring<T> {
  const kept: Numbered<T>[] = []
  let count = 0
  return {
    add(sequence, item) {
      kept[count++ % capacity] = { sequence, item }
    },
    after(sequence) {
      const oldest = count % capacity
      const inOrder = count <= capacity ? kept : [...kept.slice(oldest), ...kept.slice(0, oldest)]
      return inOrder.filter((each) => each.sequence > sequence).map(({ item }) => item)
    },
  }
}
