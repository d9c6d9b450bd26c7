import { createReadStream, createWriteStream } from 'node:fs'
import { rename, rm } from 'node:fs/promises'
import { pipeline } from 'node:stream/promises'
import { createGzip } from 'node:zlib'

/** Puts `<path>.gz` in the place of `path`. Whoever looks meanwhile finds a whole file under one of the names. */
export async function compressFile(path: string): Promise<void> {
  const unfinished = `${path}.gz.tmp`
  await pipeline(createReadStream(path), createGzip(), createWriteStream(unfinished))
  await rename(unfinished, `${path}.gz`)
  await rm(path)
}
