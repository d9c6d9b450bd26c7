import { tables } from '../../bandit/simulate/tables/by-name.ts'
import type { PublishedTable } from '../../bandit/simulate/tables/table.ts'

/** There is no such table. */
class UnknownTable extends Error {
  readonly code = 'unknown_table'
  readonly exitCode = 2
  constructor(message: string) {
    super(message)
    this.name = 'UnknownTable'
  }
}

/** `all`, or one or more names with commas between them. */
export const chooseTables = (names: string): readonly PublishedTable[] => {
  if (names === 'all') return tables
  return names.split(',').map((name) => {
    const table = tables.find((known) => known.name === name)
    if (table !== undefined) return table
    const known = tables.map((other) => other.name).join(', ')
    throw new UnknownTable(`there is no table ${JSON.stringify(name)}: take all, or some of ${known}`)
  })
}
