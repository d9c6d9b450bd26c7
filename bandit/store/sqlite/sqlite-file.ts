import { statSync } from 'node:fs'
import { StoreUnavailable } from '../store.ts'

/**
 * A check that the file which is open is still the one under its name. SQLite goes on writing to a file that was
 * deleted or replaced, and all that it takes then is gone with the process. The check throws a StoreUnavailable; it
 * takes some microseconds.
 */
export function watchFile(path: string): () => void {
  if (path === ':memory:') return () => undefined
  const opened = identify(path)
  return () => {
    if (identify(path) !== opened)
      throw new StoreUnavailable(
        `${path} was removed or replaced while it was in use: put it back and start again`,
      )
  }
}

function identify(path: string): string | undefined {
  const facts = statSync(path, { throwIfNoEntry: false })
  return facts && `${facts.dev}/${facts.ino}`
}
