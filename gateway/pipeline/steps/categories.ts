import { expected, toTexts, type Column, type Heading } from '../column.ts'
import { StepFault, type FieldsByName, type Step } from '../step.ts'

type Lists = readonly (readonly string[])[]

interface OneHot {
  readonly categories: Lists
  readonly unknown: 'zeros' | 'refuse'
  readonly drop: 'none' | 'first'
}

/** A column for each category, 1 where it is the one: OneHotEncoder of scikit-learn. */
export function oneHotStep(headings: readonly Heading[], { categories, unknown, drop }: OneHot): Step {
  const places = placesOf(headings, categories, 'one_hot')
  const first = drop === 'first' ? 1 : 0
  return {
    headings: headings.flatMap(({ name }, at) =>
      Array.from({ length: places[at]!.size - first }, (): Heading => ({ name, kind: 'number' })),
    ),
    takesMissing: unknown === 'zeros',
    run: (columns, fields) =>
      columns.flatMap((column, at) => {
        const found = placesIn(column, places[at]!, unknown === 'refuse' ? fields : undefined)
        return indicators(column.name, found, places[at]!.size).slice(first)
      }),
  }
}

interface Ordinal {
  readonly categories: Lists
  readonly unknown: number | 'refuse'
}

/** The place of the category in its list, from 0: OrdinalEncoder of scikit-learn. */
export function ordinalStep(headings: readonly Heading[], { categories, unknown }: Ordinal): Step {
  const places = placesOf(headings, categories, 'ordinal')
  return {
    headings: headings.map(({ name }) => ({ name, kind: 'number' })),
    takesMissing: unknown !== 'refuse',
    run: (columns, fields) =>
      columns.map((column, at): Column => {
        const found = placesIn(column, places[at]!, unknown === 'refuse' ? fields : undefined)
        const values = found.map((place) => (place < 0 && unknown !== 'refuse' ? unknown : place))
        return { name: column.name, kind: 'number', values }
      }),
  }
}

/** A column for each of `count` places. */
export function indicators(name: string, places: Float64Array, count: number): Column[] {
  return Array.from({ length: count }, (_, place): Column => {
    const values = places.map((each) => Number(each === place))
    return { name, kind: 'number', values }
  })
}

type Places = ReadonlyMap<string, number>

function placesOf(headings: readonly Heading[], lists: Lists, name: string): readonly Places[] {
  if (lists.length !== 1 && lists.length !== headings.length) {
    throw new StepFault(
      `${name} has ${lists.length} lists of categories for ${headings.length} columns: give one for each, or a single one`,
    )
  }
  return headings.map((_, at) => {
    const list = lists.length === 1 ? lists[0]! : lists[at]!
    const places = new Map(list.map((category, place) => [category, place]))
    if (places.size < list.length) throw new StepFault(`${name} names a category twice: take one out`)
    return places
  })
}

/** −1 where it is none of them; refused where `fields` are given to say so. */
function placesIn(column: Column, places: Places, fields: FieldsByName | undefined): Float64Array {
  const texts = toTexts(column)
  const found = new Float64Array(texts.length)
  for (const [row, text] of texts.entries()) {
    const place = text === undefined ? undefined : places.get(text)
    if (place === undefined && fields !== undefined) {
      const what = `one of ${[...places.keys()].slice(0, 20).join(', ')}`
      throw expected(what, column.name, row, fields.get(column.name), text ?? null)
    }
    found[row] = place ?? -1
  }
  return found
}
