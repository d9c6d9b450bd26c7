import { realpath } from 'node:fs/promises'
import { sep } from 'node:path'
import { FileRefused, openFile, type OpenFile } from './open-file.ts'

/** A protobuf message, which an ONNX file is, cannot be larger. */
const maxBytes = 2 ** 31 - 1

/**
 * Opens the file of a model, which has to be within `folder` where there is one. Links are judged by where they lead;
 * of a hard link nobody can tell whose file it is.
 *
 * @throws FileRefused, or as the system does
 */
export async function openModelFile(path: string, folder: string | undefined): Promise<OpenFile> {
  const file = await openFile(path)
  try {
    const fault = faultOf(file, folder === undefined ? undefined : await realpath(folder))
    if (fault !== undefined) throw new FileRefused(fault)
    return file
  } catch (error) {
    await file.handle.close()
    throw error
  }
}

function faultOf({ isFile, bytes, real, links }: OpenFile, root: string | undefined): string | undefined {
  if (!isFile) return 'it is not a file'
  if (bytes > maxBytes) return 'it is larger than an ONNX file can be: export its weights beside it'
  if (root === undefined) return undefined
  if (!real.startsWith(root + sep)) return `it leads to ${real}, outside models_dir: put it into ${root}`
  return links > 1 ? 'it is a hard link, which may be a file of outside models_dir: copy it there' : undefined
}
