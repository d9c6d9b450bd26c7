import { dirname, join } from 'node:path'
import type { Config } from '../config/config.ts'

/** Where a gateway keeps its checkpoints: beside the journal unless it is said; undefined where they have no place. */
export function checkpointFolder({
  checkpoint,
  journal,
}: Pick<Config, 'checkpoint' | 'journal'>): string | undefined {
  return checkpoint?.folder ?? (journal && join(dirname(journal.path), 'checkpoints'))
}
