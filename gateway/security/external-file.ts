import { lstatSync, realpathSync } from 'node:fs'
import { isAbsolute, join, sep } from 'node:path'

/**
 * What forbids that a model in `folder` takes tensors from `location`, and how to mend it; undefined where nothing
 * does. ONNX Runtime sees where links lead, but not that a hard link is a file of somewhere else.
 *
 * @param location as it stands in the model
 */
export function faultOfExternalFile(folder: string, location: string): string | undefined {
  const named = JSON.stringify(location.slice(0, 200))
  if (isAbsolute(location) || location.includes('\0') || location.split(/[\\/]/).includes('..'))
    return `it takes tensors from ${named}, outside its folder: put them there, and export it again`
  const path = join(folder, location)
  try {
    const file = realpathSync(path)
    if (!file.startsWith(realpathSync(folder) + sep))
      return `it takes tensors from ${named}, which leads to ${file}, outside its folder: copy that there`
    const facts = lstatSync(file)
    if (!facts.isFile()) return `it takes tensors from ${named}, which is not a file: put it there`
    if (facts.nlink > 1)
      return `it takes tensors from ${named}, which is a hard link and may be a file of elsewhere: copy it there`
    return undefined
  } catch (error) {
    // The runtime will miss it too.
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}
