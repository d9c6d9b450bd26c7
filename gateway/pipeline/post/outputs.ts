import type { Outputs } from '../../../bandit/index.ts'

/** A model's outputs are not what a step needs. The fault of the model, or of the configuration. */
export class OutputFault extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'OutputFault'
  }
}

/** @throws OutputFault when there is no such output, or no rows in it */
export function rowsOf(outputs: Outputs, name: string): readonly unknown[] {
  const rows = Object.hasOwn(outputs, name) ? outputs[name] : undefined
  if (Array.isArray(rows)) return rows as unknown[]
  const found = Object.keys(outputs).join(', ')
  throw new OutputFault(`there is no output "${name}" with a row for each of the request (${found})`)
}

/**
 * One number a row.
 *
 * @param column of several; undefined = the only one, or of two the second, which is the positive class
 * @throws OutputFault
 */
export function scoresOf(outputs: Outputs, name: string, column: number | undefined): number[] {
  return rowsOf(outputs, name).map((row) => {
    if (typeof row === 'number') return row
    const values = numbersOf(row, name)
    if (column === undefined && values.length > 2) {
      throw new OutputFault(`output "${name}" has ${values.length} columns: say which under column`)
    }
    const value = values[column ?? values.length - 1]
    if (value === undefined) throw new OutputFault(`output "${name}" has no column ${column ?? 0}`)
    return value
  })
}

/** @throws OutputFault unless the row is a list of numbers */
export function numbersOf(row: unknown, name: string): readonly number[] {
  if (Array.isArray(row) && row.every((each) => typeof each === 'number')) return row
  throw new OutputFault(`output "${name}" is not a list of numbers in every row`)
}
