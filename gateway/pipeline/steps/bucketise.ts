import { toNumbers, type Column, type Heading } from '../column.ts'
import { demandNumbers, type Step } from '../step.ts'
import { indicators } from './categories.ts'

interface Buckets {
  readonly edges: readonly number[]
  readonly encode: 'ordinal' | 'one_hot'
}

/** How many edges a value has reached: KBinsDiscretizer of scikit-learn, with its inner edges. */
export function bucketiseStep(headings: readonly Heading[], { edges, encode }: Buckets): Step {
  demandNumbers(headings, 'bucketise')
  const count = encode === 'ordinal' ? 1 : edges.length + 1
  return {
    headings: headings.flatMap(({ name }) =>
      Array.from({ length: count }, (): Heading => ({ name, kind: 'number' })),
    ),
    takesMissing: false,
    run: (columns, fields) =>
      columns.flatMap((column): Column[] => {
        const { name } = column
        const buckets = toNumbers(column, fields.get(name)).map((value) => bucketOf(value, edges))
        return encode === 'ordinal'
          ? [{ name, kind: 'number', values: buckets }]
          : indicators(name, buckets, count)
      }),
  }
}

function bucketOf(value: number, edges: readonly number[]): number {
  if (Number.isNaN(value)) return NaN
  let low = 0
  let high = edges.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (value < edges[middle]!) high = middle
    else low = middle + 1
  }
  return low
}
