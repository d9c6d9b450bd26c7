import type { Column, Heading } from './column.ts'
import type { Field } from './table.ts'

/** The fields that columns came from, for the words of a fault. */
export type FieldsByName = ReadonlyMap<string, Field>

/** One step, made ready for columns with these headings. */
export interface Step {
  /** Of the columns that it makes. */
  readonly headings: readonly Heading[]
  /** Whether it has an answer to values that are missing; where no step of a block has, they are refused. */
  readonly takesMissing: boolean
  /** @throws GatewayError invalid_input */
  run(columns: readonly Column[], fields: FieldsByName): readonly Column[]
}

/** The settings of a step do not fit its columns. The message says how to mend it. */
export class StepFault extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'StepFault'
  }
}

/** `setting` for each of the columns. */
export function forEach<T>(
  setting: T | readonly T[],
  headings: readonly Heading[],
  name: string,
): readonly T[] {
  if (!Array.isArray(setting)) return headings.map(() => setting as T)
  const list = setting as readonly T[]
  if (list.length === headings.length) return list
  throw new StepFault(
    `${name} has ${list.length} values for ${headings.length} columns: give one for each, or a single one`,
  )
}

/** @throws StepFault when one of the columns is text by now */
export function demandNumbers(headings: readonly Heading[], name: string): void {
  const text = headings.find(({ kind }) => kind === 'text')
  if (text === undefined) return
  throw new StepFault(`${name} takes numbers, and ${text.name} has become text by a step before it`)
}
