import { createHash } from 'node:crypto'
import { open } from 'node:fs/promises'
import { BatchFault } from './batch-fault.ts'

/** What tells one input from another under the same name. */
export interface InputMark {
  readonly size: number
  /** SHA-256 of its first bytes. */
  readonly head: string
}

const headBytes = 65_536

/** Of the file as it is; `like` says how much of it is looked at, so that one that has grown is the same. */
export async function markOf(path: string, like?: InputMark): Promise<InputMark> {
  const file = await open(path).catch(unreadable)
  try {
    const { size } = await file.stat()
    const bytes = Buffer.alloc(Math.min(headBytes, like?.size ?? size))
    const { bytesRead } = await file.read(bytes, 0, bytes.length, 0)
    return { size, head: createHash('sha256').update(bytes.subarray(0, bytesRead)).digest('hex') }
  } catch (error) {
    return unreadable(error)
  } finally {
    await file.close()
  }
}

function unreadable(error: unknown): never {
  throw new BatchFault(`cannot read the rows: ${(error as Error).message}`)
}
