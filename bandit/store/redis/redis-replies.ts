import { type Checkpoint, checkpointHashes, type Stamp, toLineage } from '../checkpoint.ts'
import { createStateBuilder } from '../state-builder.ts'
import {
  type ApplyResult,
  type CloseResult,
  type ControlsRecord,
  type EndpointState,
  StoreUnavailable,
} from '../store.ts'
import { parseVector, type ReadVector } from '../vector-text.ts'

/** What scripts answer, turned into the port's words. */

type Flat = readonly string[]

export function toApplyResult(reply: unknown): ApplyResult {
  const [status, ...rest] = (Array.isArray(reply) ? reply : []) as readonly (string | undefined)[]
  if (status === 'late') return { status }
  if (status === 'applied' && rest.length === 2) return { status, stamp: toStamp(rest) }
  if (status === 'conflict' && rest.length === 4)
    return { status, mark: rest[0]!, stamp: toStamp(rest.slice(1)), base: rest[3]! }
  // Nobody knows what was applied: taken for a conflict, it would be tried again from a mark that is none.
  throw new StoreUnavailable('Redis gave the answer to another command: look at the proxies on the way to it')
}

export function toCloseResult(reply: unknown): CloseResult {
  return { unrewarded: new Map([...pairs(reply as Flat)].map(([arm, count]) => [arm, Number(count)])) }
}

export function toStamp([version, born]: readonly (string | undefined)[]): Stamp {
  return { born: Number(born), version: Number(version) }
}

export interface Dump {
  readonly checkpoint: Checkpoint
  /** Buckets that have left something unsettled. */
  readonly ended: readonly number[]
}

export function toDump(reply: unknown): Dump {
  const [at, version, born, origin, closed, ...flats] = reply as readonly string[]
  const [left, ended] = flats.slice(checkpointHashes.length) as unknown as readonly [Flat, Flat]
  const hashes = checkpointHashes.map((name, index) => [
    name,
    Object.fromEntries(pairs(flats[index] as unknown as Flat)),
  ])
  const checkpoint = {
    at: Number(at),
    born: Number(born),
    version: Number(version),
    ancestors: toLineage(Number(born), origin!).ancestors,
    closed: closed === '' ? undefined : Number(closed),
    hashes: Object.fromEntries(hashes) as Checkpoint['hashes'],
    ended: Object.fromEntries(pairs(left)),
  }
  return { checkpoint, ended: ended.map(Number) }
}

const totalNames = {
  pulls: 'pulls',
  rewarded: 'rewarded',
  voided: 'voided',
  defaulted: 'defaulted',
  written_off: 'writtenOff',
} as const

export function toState(reply: unknown, readHeld: ReadVector): EndpointState {
  const [version, born, ...hashes] = reply as readonly [string, string, ...Flat[]]
  const [statistics, pulls, rewarded, totals, voided, held] = hashes as unknown as SixHashes
  const state = createStateBuilder()
  for (const [arm, epoch, sums] of fields(statistics)) state.epoch(arm, Number(epoch), parseVector(sums))
  for (const [arm, bucket, count] of fields(pulls)) state.open(arm, Number(bucket), { pulls: Number(count) })
  for (const [arm, bucket, count] of fields(rewarded))
    state.open(arm, Number(bucket), { rewarded: Number(count) })
  for (const [arm, bucket, count] of fields(voided))
    state.open(arm, Number(bucket), { voided: Number(count) })
  for (const [arm, bucket, sums] of fields(held))
    state.held(arm, Number(bucket), readHeld(`${arm}/${bucket}`, sums))
  for (const [arm, name, count] of fields(totals))
    state.totals(arm, { [totalNames[name as keyof typeof totalNames]]: Number(count) })
  return state.build(Number(version), Number(born))
}

/** `<revision> <text>`, or nothing before the first time. */
export function toControls(reply: string | null): ControlsRecord {
  if (reply === null) return { revision: 0, text: '' }
  const space = reply.indexOf(' ')
  return { revision: Number(reply.slice(0, space)), text: reply.slice(space + 1) }
}

type SixHashes = readonly [Flat, Flat, Flat, Flat, Flat, Flat]

/** Fields are `<arm>/<what>`; an arm's name may hold a slash, what follows it may not. */
function* fields(flat: Flat): Generator<[arm: string, suffix: string, value: string]> {
  for (const [field, value] of pairs(flat)) {
    const slash = field.lastIndexOf('/')
    yield [field.slice(0, slash), field.slice(slash + 1), value]
  }
}

function* pairs(flat: Flat): Generator<[string, string]> {
  for (let i = 0; i < flat.length; i += 2) yield [flat[i]!, flat[i + 1]!]
}
