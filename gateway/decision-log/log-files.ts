import { open, rm, mkdir, type FileHandle } from 'node:fs/promises'
import { join } from 'node:path'
import { compressFile } from './compress-file.ts'
import { prune } from './prune.ts'

/** The files of one start of one gateway, numbered from 1, in a folder that other gateways may share. */
export interface LogFiles {
  /** All of `text` or nothing of it. Rejects when the disk does not take it. */
  append(file: number, text: string): Promise<void>
  /** Nothing more comes for this file: closes it, compresses it and lets the oldest of the folder go. */
  finish(file: number): Promise<void>
  close(): Promise<void>
}

export interface LogFilesDeps {
  readonly dir: string
  /** `decisions-20260101T000000Z-3f2a91bc`: unique for this start of this process. */
  readonly stem: string
  /** Newest files of the folder that stay, this gateway's and others'. */
  readonly keep: number
  readonly compress: 'gzip' | 'none'
  /** A finished file could not be compressed, or old ones not removed. */
  readonly tidyFailed: (error: unknown) => void
  readonly openFile?: (path: string) => Promise<LogHandle>
}

export type LogHandle = Pick<FileHandle, 'appendFile' | 'truncate' | 'stat' | 'close'>

interface Current {
  readonly path: string
  readonly handle: LogHandle
  /** Bytes of whole lines. */
  size: number
  /** True when bytes of an append that failed may stand after them. */
  isTorn: boolean
}

/** What clients say of themselves is in it: for the gateway's user and group, such as that of who ships it. */
const fileMode = 0o640

/** Fails at once, not at the first decision, where nothing can be written. */
export async function checkFolder(dir: string, stem: string): Promise<void> {
  await mkdir(dir, { recursive: true })
  const probe = join(dir, `${stem}.probe`)
  await (await open(probe, 'w')).close()
  await rm(probe)
}

export function createLogFiles(deps: LogFilesDeps): LogFiles {
  const openFile = deps.openFile ?? ((path: string) => open(path, 'a', fileMode))
  let current: Current | undefined
  let tidying = Promise.resolve()

  /** Opened when the first line comes, and again when somebody took the file away. */
  async function currentFile(file: number): Promise<Current> {
    if (current !== undefined && (await current.handle.stat()).nlink > 0) return current
    await current?.handle.close()
    current = undefined
    const path = join(deps.dir, `${deps.stem}-${String(file).padStart(6, '0')}.ndjson`)
    const handle = await openFile(path)
    current = { path, handle, size: (await handle.stat()).size, isTorn: false }
    return current
  }

  async function tidy(path: string): Promise<void> {
    try {
      if (deps.compress === 'gzip') await compressFile(path).catch(unlessGone)
      await prune(deps.dir, deps.keep)
    } catch (error) {
      deps.tidyFailed(error)
    }
  }

  return {
    async append(file, text) {
      const target = await currentFile(file)
      const bytes = Buffer.from(target.isTorn ? `\n${text}` : text)
      try {
        await target.handle.appendFile(bytes)
      } catch (error) {
        target.isTorn = await target.handle.truncate(target.size).then(
          () => false,
          () => true,
        )
        throw error
      }
      target.size += bytes.length
      target.isTorn = false
    },
    async finish() {
      if (current === undefined) return
      const { path, handle } = current
      current = undefined
      await handle.close()
      tidying = tidying.then(() => tidy(path))
    },
    async close() {
      await current?.handle.close()
      current = undefined
      await tidying
    },
  }
}

/** Where files fill faster than they are compressed, the oldest go as they are. */
function unlessGone(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ENOENT') throw error
}
