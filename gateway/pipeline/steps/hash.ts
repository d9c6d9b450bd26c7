import { toTexts, type Column, type Heading } from '../column.ts'
import type { Step } from '../step.ts'
import { murmurHash3 } from './murmur-hash3.ts'

interface Hash {
  readonly buckets: number
  /** Whether half of all values count −1, so that collisions cancel out on average. */
  readonly signed: boolean
}

/**
 * All columns share the buckets. A number v adds ±v to that of its column's name, a text adds ±1 to that of
 * `name=text`: FeatureHasher(input_type='dict') of scikit-learn. What is missing adds nothing.
 */
export function hashStep(headings: readonly Heading[], { buckets, signed }: Hash): Step {
  const made = Array.from({ length: buckets }, (): Heading => ({
    name: headings.map(({ name }) => name).join('+'),
    kind: 'number',
  }))
  return {
    headings: made,
    takesMissing: true,
    run(columns) {
      const rows = columns[0]!.values.length
      const sums = made.map(() => new Float64Array(rows))
      const add = (row: number, token: string, value: number) => {
        const hash = murmurHash3(token)
        sums[Math.abs(hash) % buckets]![row]! += signed && hash < 0 ? -value : value
      }
      for (const column of columns) addColumn(column, add)
      return sums.map((values, at): Column => ({ name: made[at]!.name, kind: 'number', values }))
    },
  }
}

function addColumn(column: Column, add: (row: number, token: string, value: number) => void): void {
  const texts = toTexts(column)
  for (const [row, value] of column.values.entries()) {
    if (texts[row] === undefined) continue
    if (typeof value === 'string') add(row, `${column.name}=${value}`, 1)
    else add(row, column.name, Number(value))
  }
}
