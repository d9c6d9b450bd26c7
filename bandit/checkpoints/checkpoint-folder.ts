import { readdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { type KeptCheckpoint, parseCheckpointText, toCheckpointText } from './checkpoint-text.ts'
import { writeWhole } from './write-whole.ts'

/** The checkpoints of a gateway, one file each. Several gateways may share a folder. */
export interface CheckpointFolder {
  /** On the disk, whole, once it resolves; then all but the newest few of the endpoint are removed. The size in bytes. */
  save(kept: KeptCheckpoint): Promise<number>
  /** The newest whole one that was taken before that moment, microseconds since 1970. */
  newest(endpoint: string, generation: string, before?: number): Promise<KeptCheckpoint | undefined>
  /** File names of an endpoint, the newest first. */
  list(endpoint: string, generation: string): Promise<readonly string[]>
}

export interface CheckpointFolderDeps {
  /** Made when there is none. */
  readonly path: string
  /** How many of each endpoint stay. */
  readonly keep: number
  /** Told of a file that is not whole, which is passed over. */
  readonly faulty: (file: string) => void
}

/** Microseconds have 16 digits until the year 2286, so that names are in the order of time. */
const suffix = /^\.(\d{16})\.json$/

/** Files are whole or not there; whoever reads one checks its sum all the same, as disks may lie. */
export function openCheckpointFolder({ path, keep, faulty }: CheckpointFolderDeps): CheckpointFolder {
  async function list(endpoint: string, generation: string): Promise<string[]> {
    const stem = stemOf(endpoint, generation)
    const names = await readdir(path).catch(nothingThere)
    return names
      .filter((name) => name.startsWith(stem) && suffix.test(name.slice(stem.length)))
      .toSorted()
      .toReversed()
  }

  return {
    list,
    async save(kept) {
      const { endpoint, generation, checkpoint } = kept
      const name = `${stemOf(endpoint, generation)}.${String(checkpoint.at).padStart(16, '0')}.json`
      const text = toCheckpointText(kept)
      await writeWhole(path, name, text)
      for (const old of (await list(endpoint, generation)).slice(keep))
        await rm(join(path, old), { force: true })
      return Buffer.byteLength(text)
    },
    async newest(endpoint, generation, before = Infinity) {
      const stem = stemOf(endpoint, generation)
      for (const name of await list(endpoint, generation)) {
        if (Number(suffix.exec(name.slice(stem.length))![1]) >= before) continue
        const kept = parseCheckpointText(await readFile(join(path, name), 'utf8').catch(() => ''))
        if (kept?.endpoint === endpoint && kept.generation === generation) return kept
        faulty(name)
      }
      return undefined
    },
  }
}

/** Names of endpoints are letters, digits, points, hyphens and underscores. */
function stemOf(endpoint: string, generation: string): string {
  return `${endpoint}.${generation}`
}

function nothingThere(error: NodeJS.ErrnoException): string[] {
  if (error.code === 'ENOENT') return []
  throw error
}
