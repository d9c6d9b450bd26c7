import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { realpath } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { externalDataOf } from '../security/models/external-data.ts'
import { openExternalFile } from '../security/models/external-file.ts'
import { openModelFile } from '../security/models/model-file.ts'
import { FileRefused, type OpenFile } from '../security/models/open-file.ts'
import { copyOpenFile } from './copy-file.ts'

export interface ModelSource {
  readonly path: string
  /** The only folder that it may come from; absent = any. */
  readonly folder?: string | undefined
  /** 64 hex digits of what the file has to be; absent = anything. */
  readonly sha256?: string | undefined
  /** Whether a model that is not copied is read for its digest, without a `sha256` too. */
  readonly isSummed?: boolean
}

export interface TakenModel {
  /** What is to be loaded. */
  readonly file: string
  /** SHA-256 of the file in hex digits, with tensors in other files of the list of all sums and names; '' without a sum. */
  readonly digest: string
}

/**
 * Judges a model, or says why it must not be loaded and how to mend it. With `into`, an empty folder, each of its files is
 * opened once and copied there, and it is the copies that are judged and hashed: what becomes of the originals meanwhile
 * changes nothing. Without, the files are judged where they are.
 */
export async function takeModel(source: ModelSource, into?: string): Promise<TakenModel | string> {
  const { path, folder, sha256, isSummed = false } = source
  const how = {
    isCopied: into !== undefined,
    isSummed: into !== undefined || sha256 !== undefined || isSummed,
  }
  const file = join(into ?? dirname(path), basename(path))
  try {
    const sum = await take(await openModelFile(path, folder), file, how)
    if (sha256 !== undefined && sum !== sha256)
      return `${path} has the sha256 ${sum}, and ${sha256} is configured: put that file there, or correct models.<name>.sha256`
    const external = (await externalDataOf(file)) ?? []
    if (sha256 !== undefined && external.length > 0)
      return `${path} takes tensors from other files, of which its sha256 says nothing: put them into it, or take sha256 out`
    const parts = await takeParts(path, external, dirname(file), how)
    return { file, digest: parts.length === 0 ? sum : sumOf([`${sum}  ${basename(path)}`, ...parts]) }
  } catch (error) {
    if (error instanceof FileRefused) return `${path} is not loaded: ${error.message}`
    const { code } = error as NodeJS.ErrnoException
    if (code === undefined) throw error
    return `${path} cannot be read (${code}): put it there or correct the path`
  }
}

/** Of what is read at a time: a model has many. */
const pieceBytes = 2 ** 20

interface How {
  readonly isCopied: boolean
  readonly isSummed: boolean
}

/** Resolves with the SHA-256 of what is at `file` then, and closes what was open. */
async function take(open: OpenFile, file: string, { isCopied, isSummed }: How): Promise<string> {
  try {
    if (isCopied) await copyOpenFile(open, file)
    if (!isSummed) return ''
    const hash = createHash('sha256')
    const original = (): Readable =>
      open.handle.createReadStream({ start: 0, autoClose: false, highWaterMark: pieceBytes })
    await pipeline(isCopied ? createReadStream(file, { highWaterMark: pieceBytes }) : original(), hash)
    return hash.digest('hex')
  } finally {
    await open.handle.close()
  }
}

/** Resolves with a line for each place that the model takes tensors from: the sum of what is there, and its name. */
async function takeParts(
  path: string,
  locations: readonly string[],
  folder: string,
  how: How,
): Promise<readonly string[]> {
  const lines: string[] = []
  const taken = new Set([basename(path)])
  for (const location of locations) {
    const part = await openPart(path, location)
    // One place may be written in several ways.
    const name = join(location)
    const isCopied = how.isCopied && !taken.has(name)
    taken.add(name)
    lines.push(`${part && (await take(part, join(folder, name), { ...how, isCopied }))}  ${name}`)
  }
  return how.isSummed ? lines : []
}

/** Of a link it depends on the runtime which of the two folders they are in: both are judged. */
async function openPart(path: string, location: string): Promise<OpenFile | undefined> {
  let found: OpenFile | undefined
  for (const folder of new Set([dirname(path), dirname(await realpath(path))])) {
    const here = await openExternalFile(folder, location)
    if (found === undefined) found = here
    else await here?.handle.close()
  }
  return found
}

function sumOf(lines: readonly string[]): string {
  return createHash('sha256').update(lines.join('\n')).digest('hex')
}
