import type { LogFiles } from './log-files.ts'

/** Takes lines at once and writes them later; what it cannot hold any more it drops, and says so. */
export interface LineWriter {
  /** Number of the file that the next line goes to, from 1. */
  readonly file: number
  /** `line` ends with a newline. False when there was no room for it. */
  write(line: string): boolean
  /** Resolves when all that was taken is written, or cannot be. */
  close(): Promise<void>
}

export interface LineWriterDeps {
  readonly files: LogFiles
  /** Characters after which a file is full. */
  readonly rotateAt: number
  /** Characters that may wait in memory. */
  readonly maxBuffered: number
  readonly flushMs: number
  /** Pause before what could not be written is tried again. */
  readonly retryMs: number
  readonly events: WriterEvents
}

export interface WriterEvents {
  written(lines: number): void
  dropped(lines: number): void
  /** Said once until it works again. */
  failing(error: unknown): void
  recovered(): void
}

/** Lines of one file that wait to be written. */
interface Batch {
  readonly file: number
  lines: string[]
}

/** As much as is worth a write of its own before the timer says so. */
const eagerCharacters = 65_536

export function createLineWriter(deps: LineWriterDeps): LineWriter {
  const { files, events } = deps
  const queue: [Batch, ...Batch[]] = [{ file: 1, lines: [] }]
  let last: Batch = queue[0]
  let buffered = 0
  let inFile = 0
  let isClosed = false
  let isFailing = false
  let timer: NodeJS.Timeout | undefined
  let draining: Promise<void> | undefined

  function later(ms: number): void {
    timer ??= setTimeout(() => void drain(), ms).unref()
  }

  function drain(): Promise<void> {
    clearTimeout(timer)
    timer = undefined
    draining ??= writeQueue()
      .then(succeeded, failed)
      .finally(() => {
        draining = undefined
        if (buffered > 0 && !isClosed) later(isFailing ? deps.retryMs : deps.flushMs)
      })
    return draining
  }

  async function writeQueue(): Promise<void> {
    for (;;) {
      const [batch] = queue
      await writeBatch(batch)
      if (batch.lines.length > 0) continue
      if (queue.length === 1) return
      queue.shift()
      await files.finish(batch.file)
    }
  }

  /** Lines that could not be written go back to the front, so that order and text stay as they were. */
  async function writeBatch(batch: Batch): Promise<void> {
    const { lines } = batch
    if (lines.length === 0) return
    batch.lines = []
    const text = lines.join('')
    try {
      await files.append(batch.file, text)
    } catch (error) {
      batch.lines = lines.concat(batch.lines)
      throw error
    }
    buffered -= text.length
    events.written(lines.length)
  }

  function succeeded(): void {
    if (isFailing) events.recovered()
    isFailing = false
  }

  function failed(error: unknown): void {
    if (!isFailing) events.failing(error)
    isFailing = true
  }

  return {
    get file() {
      return last.file
    },
    write(line) {
      if (isClosed || buffered + line.length > deps.maxBuffered) {
        events.dropped(1)
        return false
      }
      last.lines.push(line)
      buffered += line.length
      inFile += line.length
      if (inFile >= deps.rotateAt) {
        queue.push((last = { file: last.file + 1, lines: [] }))
        inFile = 0
      }
      if (buffered >= eagerCharacters && !isFailing) void drain()
      else later(isFailing ? deps.retryMs : deps.flushMs)
      return true
    },
    async close() {
      isClosed = true
      // The turn that runs may have failed before all was taken: one more says what can be written at all.
      await draining
      await drain()
      const lost = queue.reduce((sum, { lines }) => sum + lines.length, 0)
      if (lost > 0) events.dropped(lost)
      await files.close()
    },
  }
}
