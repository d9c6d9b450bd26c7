import type { CrossFault } from '../cross-fault.ts'
import { duration } from '../reading/quantities.ts'
import { partOf } from '../reading/raw.ts'

/** Whoever asks for checkpoints has to have a place for them. */
export function* checkCheckpoint(raw: unknown): Iterable<CrossFault> {
  const checkpoint = partOf(raw, 'checkpoint') ?? {}
  if (checkpoint === 'off' || partOf(checkpoint, 'off') === true) return
  yield* checkPace(checkpoint, raw)
  if (partOf(raw, 'checkpoint') === undefined) return
  if (partOf(raw, 'journal') !== 'off' || partOf(checkpoint, 'folder') !== undefined) return
  const message = 'there is no journal to put checkpoints beside: name a folder, or say off'
  yield { path: ['checkpoint'], message, atKey: true }
}

/** What came after the newest checkpoint has to be in the journal still, even when the last one was a failure. */
function* checkPace(checkpoint: unknown, raw: unknown): Iterable<CrossFault> {
  const any = duration('0ms', '3650d')
  const every = any.safeParse(partOf(checkpoint, 'every') ?? '1m').data
  const kept = any.safeParse(partOf(raw, 'journal_keep') ?? '10m').data
  if (every === undefined || kept === undefined || kept >= 2 * every || partOf(raw, 'journal') === 'off')
    return
  const message =
    'the journal forgets what came between two checkpoints: let journal_keep be at least twice checkpoint.every'
  yield {
    path: partOf(raw, 'journal_keep') === undefined ? ['checkpoint', 'every'] : ['journal_keep'],
    message,
  }
}
