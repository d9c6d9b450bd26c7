import type { Category } from '../../config/pipeline/pipeline.ts'
import { toNumbers, toTexts, type Column, type Heading } from '../column.ts'
import { demandNumbers, forEach, type Step } from '../step.ts'

/** Missing values become the given ones; the indicators, 1 where it was so, stand behind all columns. */
export function imputeStep(
  headings: readonly Heading[],
  settings: { readonly value: Category | readonly Category[]; readonly indicator: boolean },
): Step {
  const values = forEach(settings.value, headings, 'impute')
  const numeric = headings.filter((_, at) => typeof values[at] !== 'string')
  demandNumbers(numeric, 'impute with a number')
  const filled = headings.map(({ name }, at): Heading => ({
    name,
    kind: typeof values[at] === 'string' ? 'text' : 'number',
  }))
  const indicators = settings.indicator ? headings.map(({ name }): Heading => ({ name, kind: 'number' })) : []
  return {
    headings: [...filled, ...indicators],
    takesMissing: true,
    run(columns, fields) {
      const known = columns.map((column, at): Column => {
        const { name } = column
        return typeof values[at] === 'string'
          ? { name, kind: 'text', values: toTexts(column) }
          : { name, kind: 'number', values: toNumbers(column, fields.get(name)) }
      })
      return [
        ...known.map((column, at) => fill(column, values[at]!)),
        ...(settings.indicator ? known.map(indicate) : []),
      ]
    },
  }
}

function fill(column: Column, value: Category): Column {
  if (column.kind !== 'number') {
    return { name: column.name, kind: 'text', values: toTexts(column).map((each) => each ?? String(value)) }
  }
  const number = Number(value)
  return { ...column, values: column.values.map((each) => (Number.isNaN(each) ? number : each)) }
}

function indicate({ name, values }: Column): Column {
  const isMissing = (value: unknown) => Number(value === undefined || Number.isNaN(value))
  return { name, kind: 'number', values: Float64Array.from<unknown>(values, isMissing) }
}
