import type { FoundVersion } from './find-version.ts'
import type { HeldModel, ModelCopies } from './model-copies.ts'
import { takeModel, type TakenModel } from './take-model.ts'

/** A version that serves, or would. */
export interface Version {
  /** Its number, or of a file the first 12 hex digits of its SHA-256. */
  readonly name: string
  /** What its workers load. */
  readonly file: string
  /** What it is called where people read: the file that somebody put there. */
  readonly source: string
  /** Why no more workers of it must be started. */
  fault(): Promise<string | undefined>
  /** When no worker needs it any more. */
  release(): Promise<void>
}

export interface AdmissionDeps {
  /** Absent = workers read the files where they are. */
  readonly copies?: Pick<ModelCopies, 'take'> | undefined
  /** The only folder that files may come from; absent = any. */
  readonly folder?: string | undefined
  /** Of the file, where it is pinned. */
  readonly sha256?: string | undefined
}

/** Resolves with why the version must not be loaded, where it must not. */
export async function admitVersion(
  { file: path, number }: FoundVersion,
  { copies, folder, sha256 }: AdmissionDeps,
): Promise<Version | string> {
  const source = { path, folder, sha256, isSummed: number === undefined }
  const taken = await (copies === undefined ? takeModel(source) : copies.take(source))
  if (typeof taken === 'string') return taken
  const { file, digest, release = nothing }: TakenModel & Partial<HeldModel> = taken
  return {
    name: number === undefined ? digest.slice(0, 12) : String(number),
    file,
    source: path,
    async fault() {
      if (copies !== undefined) return undefined
      const again = await takeModel({ path, folder, sha256 })
      return typeof again === 'string' ? again : undefined
    },
    release,
  }
}

const nothing = async (): Promise<void> => undefined
