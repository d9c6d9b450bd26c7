import { hash } from 'node:crypto'
import { readdirSync, readFileSync, realpathSync, statSync } from 'node:fs'
import { dirname, join, sep } from 'node:path'

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
 * lead. ONNX Runtime reads a model's external data from within the model's folder only, but cannot see that a hard link
 * there is a file of somewhere else: where a folder is demanded, there are none.
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
      const linked = hardLinkIn(dirname(file))
      if (linked !== undefined)
        return `${linked} is a hard link, which may be a file of elsewhere: copy it there`
    }
    if (sha256 !== undefined && hash('sha256', readFileSync(file), 'hex') !== sha256)
      return `${path} is another file than the one whose sha256 is configured: put that one there`
    return undefined
  } catch (error) {
    return `${path} cannot be read (${(error as NodeJS.ErrnoException).code}): put it there or correct the path`
  }
}

function hardLinkIn(folder: string): string | undefined {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .find((file) => statSync(file).nlink > 1)
}
