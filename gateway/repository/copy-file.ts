import { constants, createWriteStream } from 'node:fs'
import { chmod, copyFile, mkdir, statfs } from 'node:fs/promises'
import { dirname } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { FileRefused, type OpenFile } from '../security/models/open-file.ts'

/**
 * Makes `target`, which nobody may write to, of a file that is open. Where the file system can, the two share their
 * blocks until one is changed, which takes no room and no time; else it has to have room for all of it.
 *
 * @throws FileRefused
 */
export async function copyOpenFile({ handle, bytes }: OpenFile, target: string): Promise<void> {
  const folder = dirname(target)
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 })
    if (!(await clone(handle.fd, target))) {
      const { bavail, bsize } = await statfs(folder)
      // Before it is tried: others write there too.
      if (bytes > bavail * bsize) throw Object.assign(new Error('no room'), { code: 'ENOSPC' })
      const from = handle.createReadStream({ start: 0, autoClose: false })
      await pipeline(from, createWriteStream(target, { flags: 'wx', mode: 0o600 }))
    }
    await chmod(target, 0o400)
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException
    const needs = code === 'ENOSPC' ? `, which needs ${Math.ceil(bytes / 2 ** 20)} MiB` : ''
    throw new FileRefused(
      `it cannot be copied to ${folder}${needs} (${code}): make room there, name another folder under models_copies, or say copy: off of the model`,
      { cause },
    )
  }
}

/** By the descriptor, as the path may be another file by now. */
async function clone(fd: number, target: string): Promise<boolean> {
  if (process.platform !== 'linux') return false
  try {
    await copyFile(`/proc/self/fd/${fd}`, target, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE_FORCE)
    return true
  } catch {
    return false
  }
}
