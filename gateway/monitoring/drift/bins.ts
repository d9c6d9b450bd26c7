import type { Value } from './signal.ts'

/**
 * Into what the values of a signal are sorted, as its reference divides them: numbers at the reference's deciles,
 * everything else by what it is, with one bin for whatever the reference has not among its most frequent.
 */
export type Bins =
  | { readonly kind: 'number'; readonly edges: readonly number[] }
  | { readonly kind: 'category'; readonly categories: readonly string[] }

/** What a signal was like, to compare with: how many values of it fell into each bin. */
export interface Reference {
  readonly bins: Bins
  readonly counts: readonly number[]
}

const numberBins = 10
/** Further ones share the last bin. */
export const mostCategories = 20
/** Of text that only a model could have made; a caller's is no longer in a bin of its own. */
const longestCategory = 64

export function binCount(bins: Bins): number {
  return (bins.kind === 'number' ? bins.edges.length : bins.categories.length) + 1
}

/** A function that finds a value's bin, without looking through the bins where there is a name to look up. */
export function createSorter(bins: Bins): (value: Value) => number {
  if (bins.kind === 'category') {
    const indexOf = new Map(bins.categories.map((name, index) => [name, index]))
    return (value) => indexOf.get(toCategory(value)) ?? bins.categories.length
  }
  const { edges } = bins
  return (value) => {
    let bin = 0
    // Not a number is above every edge.
    while (bin < edges.length && !(Number(value) <= edges[bin]!)) bin++
    return bin
  }
}

/** The reference that these values are: whole numbers of few kinds, text and truths are categories. */
export function referenceOf(values: readonly Value[]): Reference {
  const bins = binsOf(values)
  const counts = Array.from({ length: binCount(bins) }, () => 0)
  const binOf = createSorter(bins)
  for (const value of values) counts[binOf(value)]!++
  return { bins, counts }
}

function binsOf(values: readonly Value[]): Bins {
  const kinds = countKinds(values)
  if (values.some((value) => typeof value === 'string')) return byFrequency(kinds)
  if (kinds.size <= mostCategories && values.every(Number.isInteger)) return byFrequency(kinds)
  const sorted = Float64Array.from(values as readonly number[]).sort()
  const edges = Array.from(
    { length: numberBins - 1 },
    (_, index) => sorted[Math.ceil(((index + 1) * sorted.length) / numberBins) - 1]!,
  )
  return { kind: 'number', edges: [...new Set(edges)].filter(Number.isFinite) }
}

function countKinds(values: readonly Value[]): Map<string, number> {
  const kinds = new Map<string, number>()
  for (const value of values) {
    const name = toCategory(value)
    kinds.set(name, (kinds.get(name) ?? 0) + 1)
  }
  return kinds
}

function byFrequency(kinds: ReadonlyMap<string, number>): Bins {
  const frequent = [...kinds].sort(([, first], [, second]) => second - first).slice(0, mostCategories)
  return { kind: 'category', categories: frequent.map(([name]) => name) }
}

export function toCategory(value: Value): string {
  return String(value).slice(0, longestCategory)
}
