import { createHash } from 'node:crypto'
import type { Checkpoint } from '../store/checkpoint.ts'
import type { ControlsRecord } from '../store/store.ts'

/** A checkpoint with the endpoint whose it is. */
export interface KeptCheckpoint {
  readonly endpoint: string
  readonly generation: string
  readonly checkpoint: Checkpoint
  /** What was said of its arms; absent where nothing was. */
  readonly controls?: ControlsRecord
}

const format = 1

/** Two lines: the SHA-256 of the second in hex, and JSON. */
export function toCheckpointText(kept: KeptCheckpoint): string {
  const json = JSON.stringify({ format, ...kept })
  return `${digest(json)}\n${json}\n`
}

/** Undefined unless the text is whole, to the last bit, and of this format. */
export function parseCheckpointText(text: string): KeptCheckpoint | undefined {
  const [sum, json = '', end, ...rest] = text.split('\n')
  if (end !== '' || rest.length > 0 || sum !== digest(json)) return undefined
  const { format: found, ...kept } = JSON.parse(json) as KeptCheckpoint & { readonly format: number }
  return found === format ? kept : undefined
}

/** Rewarded decisions of all arms. */
export function rewardedIn({ hashes }: Pick<Checkpoint, 'hashes'>): number {
  return Object.entries(hashes.totals)
    .filter(([field]) => field.endsWith('/rewarded'))
    .reduce((total, [, count]) => total + Number(count), 0)
}

function digest(json: string): string {
  return createHash('sha256').update(json).digest('hex')
}
