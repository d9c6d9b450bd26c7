import { mkdtempDisposable } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'

/**
 * An empty folder that is removed when the running test is over. Its path is short enough for a Unix socket in
 * it. In a hook, where no test is running, take `await using dir = await mkdtempDisposable(…)` or remove it there.
 */
export const tempDir = async (): Promise<string> => {
  const dir = await mkdtempDisposable(join(tmpdir(), 'bandit-'))
  onTestFinished(() => dir.remove())
  return dir.path
}
