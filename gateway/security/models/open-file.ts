import { constants } from 'node:fs'
import { open, realpath, stat, type FileHandle } from 'node:fs/promises'

/** A file that is held open, with what is true of it whatever becomes of its path. */
export interface OpenFile {
  readonly handle: FileHandle
  /** Where all links lead. */
  readonly real: string
  readonly isFile: boolean
  readonly bytes: number
  /** Names that it has. */
  readonly links: number
}

/** A file that the gateway does not take; the message says why, and how to mend it. */
export class FileRefused extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'FileRefused'
  }
}

const tries = 3

/**
 * Opens what is at `path`, and only then asks where that is: a link that is changed in between leads to another file
 * than the one that is open, and what is judged would not be what is read.
 *
 * @throws FileRefused where it is replaced again and again, else as the system does
 */
export async function openFile(path: string): Promise<OpenFile> {
  for (let count = 0; count < tries; count++) {
    // A pipe would else keep everybody waiting for who writes to it.
    const handle = await open(path, constants.O_RDONLY | constants.O_NONBLOCK)
    try {
      const facts = await handle.stat({ bigint: true })
      const real = await realpath(path)
      const there = await stat(real, { bigint: true })
      if (there.ino === facts.ino && there.dev === facts.dev)
        return {
          handle,
          real,
          isFile: facts.isFile(),
          bytes: Number(facts.size),
          links: Number(facts.nlink),
        }
    } catch (error) {
      await handle.close()
      throw error
    }
    await handle.close()
  }
  throw new FileRefused(`${path} was replaced while it was opened: leave it alone for a moment`)
}
