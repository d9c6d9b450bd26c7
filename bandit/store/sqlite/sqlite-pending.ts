import type { EndpointRow, OpenRow, Statements, TotalsRow } from './sqlite-statements.ts'
import { parseVector, toText } from '../vector-text.ts'

/**
 * What the works of one transaction do to rows that they share: nearly all of them add to the same few. So it is added up
 * here, and each row is read once and written once before the transaction ends.
 */
export interface Pending {
  /** As it is with all that is pending. */
  endpoint(this: void, id: number): Readonly<EndpointRow>
  /** Answers the new one. */
  raiseVersion(this: void, id: number): number
  addTotals(this: void, endpoint: number, arm: string, added: Partial<TotalsRow>): void
  addOpen(this: void, endpoint: number, bucket: number, arm: string, added: Partial<OpenRow>): void
  /** @throws RangeError when `delta` has another length than the sums, or makes them infinite; nothing is added then */
  addToSums(this: void, endpoint: number, arm: string, epoch: number, delta: Float64Array): void
  /** Likewise. */
  addToHeld(this: void, endpoint: number, bucket: number, arm: string, delta: Float64Array): void
  /** At the end, and before any of these rows is read, changed or dropped by other ways. */
  write(this: void): void
  /** All of it was undone. */
  forget(this: void): void
}

interface Sums {
  sums: Float64Array
  readonly keep: (text: string) => void
}

interface Counts<Row> {
  readonly sum: Partial<Row>
  readonly keep: (sum: Partial<Row>) => void
}

export function createPending(rows: Statements): Pending {
  const endpoints = new Map<number, EndpointRow & { raised: number }>()
  const sums = new Map<string, Sums>()
  const totals = new Map<string, Counts<TotalsRow>>()
  const open = new Map<string, Counts<OpenRow>>()

  function known(id: number): EndpointRow & { raised: number } {
    let found = endpoints.get(id)
    if (found === undefined) endpoints.set(id, (found = { ...rows.endpoint(id), raised: 0 }))
    return found
  }

  function add(key: string, delta: Float64Array, read: () => string | undefined, keep: Sums['keep']): void {
    let found = sums.get(key)
    if (found === undefined) {
      const kept = read()
      found = { sums: kept === undefined ? new Float64Array(delta.length) : parseVector(kept), keep }
      sums.set(key, found)
    }
    found.sums = plus(found.sums, delta, key)
  }

  return {
    endpoint: known,
    raiseVersion(id) {
      const found = known(id)
      found.raised += 1
      return ++found.version
    },
    addTotals(endpoint, arm, added) {
      const keep = (sum: Partial<TotalsRow>) => void rows.addTotals(endpoint, arm, sum)
      count(totals, `${endpoint}/${arm}`, added, keep)
    },
    addOpen(endpoint, bucket, arm, added) {
      const keep = (sum: Partial<OpenRow>) => void rows.addOpen(endpoint, bucket, arm, sum)
      count(open, `${endpoint}/${bucket}/${arm}`, added, keep)
    },
    addToSums(endpoint, arm, epoch, delta) {
      const keep = (text: string) => void rows.keepSums(endpoint, arm, epoch, text)
      add(`${endpoint}/${epoch}/${arm}`, delta, () => rows.sums(endpoint, arm, epoch), keep)
    },
    addToHeld(endpoint, bucket, arm, delta) {
      const keep = (text: string) => void rows.keepHeld(endpoint, bucket, arm, text)
      add(`held/${endpoint}/${bucket}/${arm}`, delta, () => rows.held(endpoint, bucket, arm), keep)
    },
    write() {
      for (const [id, { raised }] of endpoints) if (raised > 0) rows.raiseVersion(id, raised)
      for (const { sum, keep } of totals.values()) keep(sum)
      for (const { sum, keep } of open.values()) keep(sum)
      for (const { sums: next, keep } of sums.values()) keep(toText(next))
      forget()
    },
    forget,
  }

  function forget(): void {
    for (const each of [endpoints, sums, totals, open]) each.clear()
  }
}

function count<Row extends object>(
  counts: Map<string, Counts<Row>>,
  key: string,
  added: Partial<Row>,
  keep: Counts<Row>['keep'],
): void {
  const found = counts.get(key)
  if (found === undefined) return void counts.set(key, { sum: { ...added }, keep })
  for (const name of Object.keys(added) as (keyof Row)[])
    found.sum[name] = (((found.sum[name] as number | undefined) ?? 0) +
      (added[name] as number)) as Row[keyof Row]
}

function plus(sums: Float64Array, delta: Float64Array, field: string): Float64Array {
  if (sums.length !== delta.length)
    throw new RangeError(`delta must have as many numbers as the sums of ${field}`)
  const next = new Float64Array(sums.length)
  for (let i = 0; i < next.length; i++) {
    next[i] = sums[i]! + delta[i]!
    if (!Number.isFinite(next[i])) throw new RangeError(`the sum of ${field} must be a finite number`)
  }
  return next
}
