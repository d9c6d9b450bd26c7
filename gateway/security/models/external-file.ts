import { realpath } from 'node:fs/promises'
import { isAbsolute, join, sep } from 'node:path'
import { FileRefused, openFile, type OpenFile } from './open-file.ts'

/**
 * Opens the file that a model in `folder` takes tensors from; undefined where there is none, which the runtime will miss
 * too. ONNX Runtime sees where links lead, but not that a hard link is a file of somewhere else.
 *
 * @param location as it stands in the model
 * @throws FileRefused where it is outside the folder, or as the system does
 */
export async function openExternalFile(folder: string, location: string): Promise<OpenFile | undefined> {
  const named = JSON.stringify(location.slice(0, 200))
  if (isAbsolute(location) || location.includes('\0') || location.split(/[\\/]/).includes('..'))
    throw new FileRefused(
      `it takes tensors from ${named}, outside its folder: put them there, and export it again`,
    )
  const file = await openFile(join(folder, location)).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined
    throw error
  })
  if (file === undefined) return undefined
  try {
    const fault = faultOf(file, await realpath(folder))
    if (fault !== undefined) throw new FileRefused(`it takes tensors from ${named}, ${fault}`)
    return file
  } catch (error) {
    await file.handle.close()
    throw error
  }
}

function faultOf({ real, isFile, links }: OpenFile, root: string): string | undefined {
  if (!real.startsWith(root + sep)) return `which leads to ${real}, outside its folder: copy that there`
  if (!isFile) return 'which is not a file: put it there'
  return links > 1 ? 'which is a hard link and may be a file of elsewhere: copy it there' : undefined
}
