import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { writeWhole, type Store } from '../../bandit/index.ts'
import type { Config } from '../config/config.ts'
import { checkpointFolder } from './checkpoint-folder.ts'

/** The secret that the gateways share through their store, on this gateway's disk for the day on which both are gone. */
export interface KeptSecret {
  /** Undefined where there is none yet. */
  read(): Promise<string | undefined>
  write(secret: string): Promise<void>
}

const name = 'signing-secret'

/** Undefined where checkpoints are off or have no place, and where the store is a file on the same disk itself. */
export function keptSecret(
  config: Pick<Config, 'checkpoint' | 'journal'>,
  kind: Store['kind'],
): KeptSecret | undefined {
  const folder = checkpointFolder(config)
  if (config.checkpoint === undefined || folder === undefined || kind === 'sqlite') return undefined
  return {
    async read() {
      const text = await readFile(join(folder, name), 'utf8').catch(() => '')
      // What is no secret of ours is as good as none.
      return /^[\w-]{32,}$/.exec(text.trim())?.[0]
    },
    write: (secret) => writeWhole(folder, name, `${secret}\n`),
  }
}
