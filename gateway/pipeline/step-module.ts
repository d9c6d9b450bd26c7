import type { Outputs } from '../../bandit/index.ts'
import type { Field, Table, Value } from './table.ts'

/** Values by the name of a field, one a row. */
export type FieldValues = Readonly<Record<string, readonly Value[]>>

/** What a module of somebody's own may export: what no step can say. Both are synchronous and keep nothing. */
export interface StepModule {
  /** Fields to add to those of a request, or to put in their place; a value for each row. */
  readonly before?: (fields: FieldValues, rows: number) => FieldValues
  /** Outputs to answer in place of these. */
  readonly after?: (outputs: Outputs, fields: FieldValues) => Outputs
}

/** By the path of its file. */
export type StepModules = ReadonlyMap<string, StepModule>

export function fieldValues({ fields }: Table): FieldValues {
  return Object.fromEntries([...fields].map(([name, { values }]) => [name, values]))
}

/** @throws Error when the module did not give a value for each row */
export function runBefore(before: NonNullable<StepModule['before']>, table: Table): Table {
  const { rows } = table
  const fields = new Map<string, Field>(table.fields)
  for (const [name, values] of Object.entries(before(fieldValues(table), rows))) {
    if (!Array.isArray(values) || values.length !== rows) {
      throw new Error(`the module of preprocess has to give "${name}" a list of ${rows} values`)
    }
    fields.set(name, { values, single: fields.get(name)?.single ?? false })
  }
  return { rows, fields }
}
