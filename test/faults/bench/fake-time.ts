import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

const run = promisify(execFile)

/**
 * Variables that give a process a clock as far from the true one as a file says: `+2h`, `-90s`. What is written to the file
 * later counts a second later, as a clock that is set. Undefined where faketime is not installed.
 */
export async function fakeTime(file: string): Promise<Readonly<Record<string, string>> | undefined> {
  const told = await run('faketime', ['-f', '+0', 'env']).catch(() => undefined)
  const library = told && /^LD_PRELOAD=(.*)$/m.exec(told.stdout)?.[1]
  if (library === undefined) return undefined
  return {
    LD_PRELOAD: library,
    FAKETIME_TIMESTAMP_FILE: file,
    FAKETIME_CACHE_DURATION: '1',
    // Timers go by that one, and nobody sets it.
    FAKETIME_DONT_FAKE_MONOTONIC: '1',
  }
}
