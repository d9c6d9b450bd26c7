import { findVersion, type FoundVersion } from './find-version.ts'
import type { Version } from './version.ts'

export interface WatchModelDeps {
  /** The model's file, or the folder of its versions. */
  readonly path: string
  /** What was found there and serves since the start. */
  readonly found: FoundVersion
  readonly version: string
  /** Mark of a newer one that was found unfit at the start. */
  readonly left?: string | undefined
  /** Takes what was found, or says why it must not be loaded. */
  readonly admit: (found: FoundVersion) => Promise<Version | string>
  /** Puts a version in place of the one that serves. Never rejects; answers why it could not. */
  readonly load: (next: Version, before: string) => Promise<string | undefined>
  /** A version could not be loaded, or not even be taken; nothing has changed. */
  readonly refused: (version: string, reason: string) => void
}

/**
 * Looks for a new version again and again. One that looks the same twice in a row is taken as written in full, and one
 * that was refused is left alone until its file changes.
 */
export function createModelWatch({
  path,
  found,
  version,
  left: leftAtStart,
  admit,
  load,
  refused,
}: WatchModelDeps): () => Promise<void> {
  let serving = { mark: found.mark, name: version }
  let seen = found.mark
  let left = leftAtStart

  return async function look() {
    const now = await findVersion(path)
    // A file that is away is on its way, or a mistake: what serves goes on.
    if (now === undefined || now.mark === serving.mark || now.mark === left) return
    if (now.mark !== seen) {
      seen = now.mark
      return
    }
    const { mark, number } = now
    const next = await admit(now)
    if (typeof next === 'string') {
      left = mark
      return refused(String(number ?? 'unknown'), next)
    }
    const { name } = next
    // Something is being written there after all: it is looked at again when it stands still.
    const isWhole = (await findVersion(path))?.mark === mark
    // The same content was written again: a file is its content. A folder's number may have a new one.
    const isSame = name === serving.name && number === undefined
    if (!isWhole || isSame) {
      if (isWhole) serving = { mark, name }
      return next.release()
    }
    const reason = await load(next, serving.name)
    if (reason === undefined) {
      serving = { mark, name }
    } else {
      left = mark
      refused(name, reason)
      await next.release()
    }
  }
}
