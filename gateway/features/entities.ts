import { GatewayError } from '../errors.ts'
import { pointerTo, type Table } from '../pipeline/table.ts'
import type { Entity } from './source.ts'

/** Whose features the rows of a request need. */
export interface Entities {
  /** Each once. */
  readonly list: readonly Entity[]
  /** Of each entity, unlike that of any other one. */
  readonly ids: readonly string[]
  /** Place in the list of each row's entity; −1 where the row has no key. */
  readonly ofRow: readonly number[]
  /** Every key was said once for all rows. */
  readonly single: boolean
}

/** @throws GatewayError invalid_input for numbers that JSON has rounded */
export function toEntities({ rows, fields }: Table, keys: readonly string[]): Entities {
  const places = new Map<string, number>()
  const list: Entity[] = []
  const columns = keys.map((name) => ({ name, field: fields.get(name) }))
  const ofRow = Array.from({ length: rows }, (_, row) => {
    const entity = columns.map(({ name, field }) => {
      const value = field?.values[row] ?? null
      if (typeof value === 'number' && Number.isInteger(value) && !Number.isSafeInteger(value)) {
        const detail = `"${name}" is too large to be a number without loss: send it as text`
        throw new GatewayError('invalid_input', detail, {
          pointer: pointerTo(name, field!.single ? undefined : row),
        })
      }
      return value
    })
    if (!entity.every((value) => value !== null)) return -1
    const id = JSON.stringify(entity)
    const known = places.get(id)
    if (known !== undefined) return known
    places.set(id, list.length)
    list.push(entity)
    return list.length - 1
  })
  return {
    list,
    ids: [...places.keys()],
    ofRow,
    single: columns.every(({ field }) => field?.single !== false),
  }
}
