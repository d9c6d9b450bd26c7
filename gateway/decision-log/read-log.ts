import { createReadStream } from 'node:fs'
import { open, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { logLineSchema, type LogLine } from './schema.ts'

/** Told of what was passed over: `decisions-….ndjson:17: half a line`. */
export type Note = (text: string) => void

const longestLine = 16 * 1024 ** 2

/**
 * Every line of the log in `dir`, file after file, in the order of their names. What cannot be read is passed over
 * with a note: the last line of a process that was killed may be half a line. Gateways may go on writing meanwhile.
 * Lines whose text is not wanted are not even parsed.
 *
 * @throws Error when there is no such folder
 */
export async function* readLog(
  dir: string,
  note: Note,
  isWanted: (text: string) => boolean = () => true,
): AsyncIterable<LogLine> {
  for (const name of await filesOf(dir)) {
    let number = 0
    for await (const text of textLines(dir, name, note)) {
      number += 1
      if (text === '' || !isWanted(text)) continue
      const line = parseLine(text)
      if (line === undefined) note(`${name}:${number}: not a line of a decision log`)
      else yield line
    }
  }
}

/** Without the endings that say how far a file is in being compressed: one that has both is the same file. */
async function filesOf(dir: string): Promise<string[]> {
  const all = await readdir(dir).catch((cause: unknown) => {
    throw new Error(`cannot read a decision log in ${dir}: ${(cause as Error).message}`, { cause })
  })
  const names = all.filter((name) => /^decisions-.*\.ndjson(\.gz)?$/.test(name))
  return [...new Set(names.map((name) => name.replace(/\.gz$/, '')))].toSorted()
}

/**
 * Not by `node:readline`, for which U+2028 ends a line too, and clients' texts may hold one.
 */
async function* textLines(dir: string, name: string, note: Note): AsyncIterable<string> {
  const source = await openLog(join(dir, name))
  if (source === undefined) return note(`${name}: was removed meanwhile`)
  const decoder = new TextDecoder()
  let rest = ''
  try {
    for await (const chunk of source) {
      const lines = (rest + decoder.decode(chunk as Buffer, { stream: true })).split('\n')
      rest = lines.pop()!
      if (rest.length > longestLine) throw new Error(`a line has more than ${longestLine} characters`)
      yield* lines
    }
  } catch (error) {
    return note(`${name}: cannot be read further (${(error as Error).message})`)
  }
  if (rest === '') return
  if (parseLine(rest) === undefined) note(`${name}: the last line was never finished`)
  else yield rest
}

/** A file may be compressed between being listed and being opened. */
async function openLog(path: string): Promise<Readable | undefined> {
  const compressed = await openIfThere(`${path}.gz`)
  if (compressed !== undefined) {
    const gunzip = createGunzip()
    return compressed.on('error', (error) => gunzip.destroy(error)).pipe(gunzip)
  }
  return (await openIfThere(path)) ?? openIfThere(`${path}.gz`)
}

async function openIfThere(path: string): Promise<Readable | undefined> {
  try {
    const handle = await open(path)
    return createReadStream('', { fd: handle })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

function parseLine(text: string): LogLine | undefined {
  try {
    const parsed = logLineSchema.safeParse(JSON.parse(text))
    return parsed.data
  } catch {
    return undefined
  }
}
