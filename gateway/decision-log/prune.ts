import { readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'

const ours = /^decisions-.*\.ndjson(\.gz(\.tmp)?)?$/

/** Lets go of all files of the log but the `keep` that were written to last. */
export async function prune(dir: string, keep: number): Promise<void> {
  const names = (await readdir(dir)).filter((name) => ours.test(name))
  const files = await Promise.all(
    names.map(async (name) => {
      const path = join(dir, name)
      // Another gateway may have removed or compressed it since.
      const facts = await stat(path).catch(() => undefined)
      return { path, writtenAt: facts?.mtimeMs ?? Infinity }
    }),
  )
  const old = files.toSorted((a, b) => b.writtenAt - a.writtenAt || (a.path < b.path ? 1 : -1)).slice(keep)
  await Promise.all(old.map(({ path }) => rm(path, { force: true })))
}
