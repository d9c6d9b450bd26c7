import { StoreUnavailable } from '../store.ts'

/** Primary result codes of SQLite that a person can mend, and how. */
const remedies: Readonly<Record<number, string>> = {
  3: 'this process may not use the file: mend its permissions',
  5: 'another process is holding it: end whatever has it open besides the gateways',
  6: 'another process is holding it: end whatever has it open besides the gateways',
  8: 'the file or its folder is read-only: mend its permissions',
  10: 'the disk fails or is full',
  11: 'the file is damaged: restore it, or move it away to begin anew',
  13: 'the disk is full',
  14: 'the file cannot be opened: mend its path or permissions',
  26: 'the file is no SQLite database: name another one',
}

const busy = 5

/** StoreUnavailable for trouble with the file; any other error as it is. */
export function toSqliteError(error: unknown, path: string): Error {
  const code = primaryCode(error)
  if (code !== undefined && code in remedies)
    return new StoreUnavailable(`cannot use ${path}: ${remedies[code]}`, { cause: error })
  return error instanceof Error ? error : new Error(String(error))
}

export function isBusy(error: unknown): boolean {
  return primaryCode(error) === busy
}

/** An extended result code carries the primary one in its low byte. */
function primaryCode(error: unknown): number | undefined {
  if (!(error instanceof Error) || !('errcode' in error) || typeof error.errcode !== 'number')
    return undefined
  return error.errcode & 0xff
}
