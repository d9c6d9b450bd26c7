import { resolve } from 'node:path'
import type { Config } from '../config.ts'
import type { ConfigInput } from '../schema.ts'

export function toCheckpoint(
  { off, every, keep, folder }: ConfigInput['checkpoint'],
  from: string,
): Pick<Config, 'checkpoint'> {
  if (off === true) return {}
  const named = folder === undefined ? {} : { folder: resolve(from, folder) }
  return { checkpoint: { everyMs: every, keep, ...named } }
}
