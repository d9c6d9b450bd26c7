import { hash } from 'node:crypto'
import { readFileSync, realpathSync, statSync } from 'node:fs'
import { dirname, sep } from 'node:path'
import { externalDataOf } from './external-data.ts'
import { faultOfExternalFile } from './external-file.ts'

export interface ModelFileRules {
  /** The only folder that models may come from; absent = any. */
  readonly folder?: string | undefined
  /** 64 hex digits of what the file has to be; absent = anything. */
  readonly sha256?: string | undefined
}

/** A protobuf message, which an ONNX file is, cannot be larger. */
const maxBytes = 2 ** 31 - 1

/**
 * What forbids to load the file, and how to mend it; undefined where nothing does. Links are judged by where they
 * lead; files that the model takes tensors from are within its folder, and nobody else's.
 */
export function faultOfModelFile(path: string, { folder, sha256 }: ModelFileRules): string | undefined {
  try {
    const file = realpathSync(path)
    const facts = statSync(file)
    if (!facts.isFile()) return `${path} is not a file`
    if (facts.size > maxBytes)
      return `${path} is larger than an ONNX file can be: export its weights beside it`
    if (folder !== undefined) {
      const root = realpathSync(folder)
      if (!file.startsWith(root + sep))
        return `${path} leads to ${file}, outside models_dir: put it into ${root}`
      if (facts.nlink > 1)
        return `${path} is a hard link, which may be a file of outside models_dir: copy it there`
    }
    return faultOfContent(path, sha256)
  } catch (error) {
    return `${path} cannot be read (${(error as NodeJS.ErrnoException).code}): put it there or correct the path`
  }
}

function faultOfContent(path: string, sha256: string | undefined): string | undefined {
  if (sha256 !== undefined && hash('sha256', readFileSync(path), 'hex') !== sha256)
    return `${path} is another file than the one whose sha256 is configured: put that one there`
  const external = externalDataOf(path) ?? []
  // Of a link it depends on the runtime which of the two folders they are in.
  for (const folder of new Set([dirname(path), dirname(realpathSync(path))])) {
    for (const location of external) {
      const fault = faultOfExternalFile(folder, location)
      if (fault !== undefined) return `${path} is not loaded: ${fault}`
    }
  }
  if (sha256 === undefined || external.length === 0) return undefined
  return `${path} takes tensors from other files, of which its sha256 says nothing: put them into it, or take sha256 out`
}
