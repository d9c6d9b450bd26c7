import { findVersion, nameOfVersion, type FoundVersion } from './find-version.ts'

/** A version that serves, or would. */
export interface Version {
  readonly name: string
  readonly file: string
}

export interface WatchModelDeps {
  /** The model's file, or the folder of its versions. */
  readonly path: string
  /** What was found there and serves since the start. */
  readonly found: FoundVersion
  readonly version: string
  /** Mark of a newer one that was found unfit at the start. */
  readonly left?: string | undefined
  /** Puts a version in place of the one that serves. Never rejects; answers why it could not. */
  readonly load: (next: Version, before: string) => Promise<string | undefined>
  /** A version could not be loaded, or not even be read; nothing has changed. */
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
    const { mark, file } = now
    const name = await nameOfVersion(now).catch(() => undefined)
    if (name === undefined) {
      left = mark
      return refused(String(now.number ?? 'unknown'), `${file} cannot be read: make it readable`)
    }
    // The same content was written again: a file is its content. A folder's number may have a new one.
    if (name === serving.name && now.number === undefined) {
      serving = { mark, name }
      return
    }
    const reason = await load({ name, file }, serving.name)
    if (reason === undefined) {
      serving = { mark, name }
    } else {
      left = mark
      refused(name, reason)
    }
  }
}
