import { mostCategories, toCategory } from './bins.ts'
import type { Value } from './signal.ts'

/** Counts what was predicted, in a bounded number of categories an output: the first to come, and the others. */
export interface CategoryCounter {
  count(arm: string, output: string, value: Value): void
}

export type CountCategory = (arm: string, output: string, category: string) => void

export function createCategoryCounter(count: CountCategory): CategoryCounter {
  const known = new Map<string, Set<string>>()
  return {
    count(arm, output, value) {
      // What is measured is no category; its distribution is in the drift.
      if (typeof value === 'number' && !Number.isInteger(value)) return
      const category = toCategory(value)
      const categories = known.get(output) ?? new Set<string>()
      if (categories.size === 0) known.set(output, categories)
      if (categories.size < mostCategories) categories.add(category)
      count(arm, output, categories.has(category) ? category : 'other')
    },
  }
}
