import { open, readFile, rename, type FileHandle } from 'node:fs/promises'
import { BatchFault } from './batch-fault.ts'
import type { InputMark } from './input-mark.ts'

/** How far a run has come, as it stands in the file beside its output. */
export interface Progress {
  /** Name of the run, from which the ids of its rows are made. */
  readonly run: string
  readonly endpoint: string
  readonly in: string
  /** The arm that was chosen at the start; undefined = the policy draws one for each row. */
  readonly arm?: string | undefined
  /** Rows that are answered, and the bytes of their answers. */
  readonly rows: number
  readonly bytes: number
  readonly refused: number
  readonly finished: boolean
  /** Of the input at the start; absent for standard input, and in what earlier releases wrote. */
  readonly mark?: InputMark
}

export interface Output {
  /** One line. */
  write(line: string): Promise<void>
  /** What was written is on the disk, and then the place to go on from. */
  checkpoint(at: Pick<Progress, 'rows' | 'refused' | 'finished'>): Promise<void>
  close(): Promise<void>
}

const bufferedBytes = 65_536

export const progressFileOf = (out: string): string => `${out}.progress`

export async function readProgress(out: string): Promise<Progress | undefined> {
  const text = await readFile(progressFileOf(out), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined
    throw error
  })
  if (text === undefined) return undefined
  try {
    return JSON.parse(text) as Progress
  } catch {
    throw new BatchFault(`${progressFileOf(out)} cannot be read: --restart begins anew`)
  }
}

/** Goes on after the last place that is known to be on the disk: what was written after it is written again. */
export async function openOutput(out: string, from: Progress): Promise<Output> {
  const file = await open(out, from.rows === 0 ? 'w' : 'r+')
  await file.truncate(from.bytes)
  let position = from.bytes
  let waiting = ''

  async function flush(): Promise<void> {
    const bytes = Buffer.from(waiting)
    // What a full disk did not take still waits, or rows would be counted that are in no file.
    await writeAll(file, bytes, position)
    waiting = ''
    position += bytes.length
  }

  return {
    async write(line) {
      waiting += `${line}\n`
      if (waiting.length >= bufferedBytes) await flush()
    },
    async checkpoint(at) {
      await flush()
      await file.datasync()
      await replaceFile(progressFileOf(out), JSON.stringify({ ...from, ...at, bytes: position }))
    },
    close: () => file.close(),
  }
}

/** What cannot be read again has no place to go on from. */
export function createPipe(write: (text: string) => Promise<void>): Output {
  return { write: (line) => write(`${line}\n`), checkpoint: async () => {}, close: async () => {} }
}

async function writeAll(file: FileHandle, bytes: Buffer, position: number): Promise<void> {
  for (let done = 0; done < bytes.length;) {
    const { bytesWritten } = await file.write(bytes, done, bytes.length - done, position + done)
    done += bytesWritten
  }
}

async function replaceFile(path: string, text: string): Promise<void> {
  const next = `${path}.next`
  const file = await open(next, 'w')
  await file.writeFile(text)
  await file.sync()
  await file.close()
  await rename(next, path)
}
