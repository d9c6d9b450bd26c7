import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'

/** One version of a model, as it stands on the disk. */
export interface FoundVersion {
  readonly file: string
  /** Another one means that the file may be another. */
  readonly mark: string
  /** Its folder's number; undefined where the model is a file, whose version is its content. */
  readonly number: number | undefined
}

/**
 * The newest version of the model at `path`: the file itself, or in a folder, laid out as for Triton and KServe, the
 * `<number>/model.onnx` of the greatest number that is below `before`. Undefined where there is none.
 */
export async function findVersion(path: string, before = Infinity): Promise<FoundVersion | undefined> {
  const facts = await lookAt(path)
  if (facts === undefined) return undefined
  if (!facts.isDirectory) return { file: path, mark: facts.mark, number: undefined }
  const names = await readdir(path).catch(() => [])
  const numbers = names.filter((name) => /^[1-9]\d{0,14}$/.test(name)).map(Number)
  for (const number of numbers.filter((each) => each < before).sort((a, b) => b - a)) {
    const file = join(path, String(number), 'model.onnx')
    const found = await lookAt(file)
    if (found !== undefined && !found.isDirectory) return { file, mark: found.mark, number }
  }
  return undefined
}

async function lookAt(
  path: string,
): Promise<{ readonly mark: string; readonly isDirectory: boolean } | undefined> {
  const facts = await stat(path, { bigint: true }).catch(() => undefined)
  if (facts === undefined) return undefined
  const { ino, size, mtimeNs } = facts
  return { mark: `${path} ${ino} ${size} ${mtimeNs}`, isDirectory: facts.isDirectory() }
}
