/**
 * All of an endpoint's state that can be given back to a store that lost it: sums and counts, without the marks, which
 * are as many as decisions. What was learned after it comes from the journals; which of their entries it holds is told
 * by the version at which each was applied.
 */
export interface Checkpoint {
  /** When it was taken by the store's clock, and when the data had come into being; microseconds since 1970. */
  readonly at: number
  readonly born: number
  /** Everything applied up to this version is within. */
  readonly version: number
  /** Data that this one descends from, the newest first. */
  readonly ancestors: readonly Ancestor[]
  /** Highest closed bucket. */
  readonly closed: number | undefined
  /** Values by `<arm>/<epoch>`, `<arm>/<bucket>` or `<arm>/<name of a total>`; sums separated by a space. */
  readonly hashes: Readonly<Record<CheckpointHash, Readonly<Record<string, string>>>>
  /** What closed buckets have left unsettled, by `<defaulted or written_off>/<arm>/<bucket>`. */
  readonly ended: Readonly<Record<string, string>>
}

export const checkpointHashes = ['statistics', 'pulls', 'rewarded', 'totals', 'voided', 'held'] as const
export type CheckpointHash = (typeof checkpointHashes)[number]

/** Data that was lost: what it had up to that version was given back. */
export interface Ancestor {
  readonly born: number
  readonly version: number
}

/** What an endpoint's data began with. */
export interface Lineage {
  readonly born: number
  /** unsettled: nobody has said yet. bare: with nothing. restored: with a checkpoint. forgotten: with nothing, as somebody wants. */
  readonly origin: 'unsettled' | 'bare' | 'restored' | 'forgotten'
  /** None unless it was restored. */
  readonly ancestors: readonly Ancestor[]
}

/** older: the data was there when the checkpoint was taken. settled: it was said before what the data began with. */
export type RestoreResult = 'restored' | 'older' | 'settled'

/** Where and at which version something was applied. */
export type Stamp = Ancestor

/** Generations of loss that are remembered: entries of a journal are minutes old. */
const ancestorsKept = 8

/** Far above what can be applied between a checkpoint and a loss, so that versions only rise for who looks on. */
export const versionGap = 1_000_000

const restored = 'restored'

/** `restored <born>:<version> …`, `bare` or `forgotten`. */
export function toLineage(born: number, origin: string): Lineage {
  if (origin === 'bare' || origin === 'forgotten') return { born, origin, ancestors: [] }
  const [word, ...ancestors] = origin.split(' ')
  if (word !== restored) return { born, origin: 'unsettled', ancestors: [] }
  return { born, origin: restored, ancestors: ancestors.map(toAncestor) }
}

/** The origin of data that the checkpoint is given back to. */
export function originOf({ born, version, ancestors }: Checkpoint): string {
  const all = [{ born, version }, ...ancestors].slice(0, ancestorsKept)
  return [restored, ...all.map((each) => `${each.born}:${each.version}`)].join(' ')
}

/** Whether the data holds what was applied there and then, though its mark may be gone. */
export function isWithin({ born, version }: Stamp, { ancestors }: Pick<Lineage, 'ancestors'>): boolean {
  return ancestors.some((ancestor) => ancestor.born === born && version <= ancestor.version)
}

export interface Ended {
  readonly fate: 'defaulted' | 'written_off'
  readonly arm: string
  readonly bucket: number
  readonly count: number
}

/** An arm's name may hold a slash, what stands around it may not. */
export function endedOf({ ended }: Pick<Checkpoint, 'ended'>): Ended[] {
  return Object.entries(ended).map(([field, count]) => {
    const [first, last] = [field.indexOf('/'), field.lastIndexOf('/')]
    const fate = field.slice(0, first) as Ended['fate']
    return {
      fate,
      arm: field.slice(first + 1, last),
      bucket: Number(field.slice(last + 1)),
      count: Number(count),
    }
  })
}

function toAncestor(text: string): Ancestor {
  const [born, version] = text.split(':')
  return { born: Number(born), version: Number(version) }
}
