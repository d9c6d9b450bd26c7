import { uniformSource } from '../../bandit/support/random-source.ts'

/** What is left to chance, the same for the same seed. */
export interface Choices {
  random(this: void): number
  below(this: void, limit: number): number
  of<T>(this: void, items: readonly T[]): T
}

export function choicesOf(seed: number): Choices {
  const random = uniformSource(seed)
  const below = (limit: number) => Math.floor(random() * limit)
  return { random, below, of: (items) => items[below(items.length)]! }
}
