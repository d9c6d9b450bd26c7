import { open } from 'node:fs/promises'
import { StoreUnavailable } from '../store/store.ts'

/** Flushes one file to the disk off the event loop, and once for all who wait. */
export interface SyncedFile {
  /** Resolves when everything written before this call is on the disk. */
  synced(): Promise<void>
  close(): Promise<void>
}

/** A flush takes milliseconds, in which the event loop must go on; those who come meanwhile share the next one. */
export async function openSyncedFile(path: string): Promise<SyncedFile> {
  const file = await open(path, 'r+')
  let running: Promise<void> | undefined
  let next: Promise<void> | undefined
  let broken: StoreUnavailable | undefined

  async function flush(): Promise<void> {
    if (broken !== undefined) throw broken
    try {
      await file.datasync()
    } catch (cause) {
      // The system may have dropped the pages that it could not write, so that the next flush would only seem good.
      broken = new StoreUnavailable(`cannot flush ${path} to the disk: mend it and start again`, { cause })
      throw broken
    }
  }

  function start(): Promise<void> {
    const flushing = flush().finally(() => {
      if (running === flushing) running = undefined
    })
    running = flushing
    return flushing
  }

  return {
    async synced() {
      if (running === undefined) return start()
      // The flush that runs may have begun before what the caller wrote.
      const wait = running
      next ??= wait
        .catch(() => undefined)
        .then(() => {
          next = undefined
          return start()
        })
      return next
    },
    async close() {
      await (next ?? running)?.catch(() => undefined)
      await file.close()
    },
  }
}
