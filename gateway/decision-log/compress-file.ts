import { createReadStream, createWriteStream } from 'node:fs'
import { rename, rm, stat, utimes } from 'node:fs/promises'
import { pipeline } from 'node:stream/promises'
import { createGzip } from 'node:zlib'

/**
 * Puts `<path>.gz` in the place of `path`, with the same time. Whoever looks meanwhile finds a whole file under one of
 * the names.
 *
 * @throws the error of the file system, ENOENT when `path` is gone
 */
export async function compressFile(path: string): Promise<void> {
  const unfinished = `${path}.gz.tmp`
  const { atime, mtime, mode } = await stat(path)
  try {
    await pipeline(
      createReadStream(path),
      createGzip(),
      createWriteStream(unfinished, { mode: mode & 0o777 }),
    )
    await utimes(unfinished, atime, mtime)
  } catch (error) {
    await rm(unfinished, { force: true })
    throw error
  }
  await rename(unfinished, `${path}.gz`)
  await rm(path, { force: true })
}
