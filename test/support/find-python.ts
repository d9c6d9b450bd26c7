import { execFile } from 'node:child_process'
import { access, mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)
const cache = join(import.meta.dirname, '../../.cache')
const patienceMs = 240_000

export type Python = { readonly bin: string } | { readonly reason: string }

/**
 * A Python of its own with `packages` in `.cache/python-<name>`, installed when it is first asked for; the reason where
 * there is no Python, or no index to install from. What takes minutes to install is installed only with `PYTHON_TESTS=all`.
 */
export const findPython = async (
  name: string,
  packages: readonly string[],
  { isLarge = false }: { readonly isLarge?: boolean } = {},
): Promise<Python> => {
  const dir = join(cache, `python-${name}`)
  const done = join(dir, 'installed')
  try {
    await access(done)
    return { bin: join(dir, 'bin') }
  } catch {
    // Not there yet.
  }
  if (isLarge && process.env.PYTHON_TESTS !== 'all')
    return { reason: `${packages.join(' and ')} take minutes to install: set PYTHON_TESTS=all once` }
  try {
    await mkdir(cache, { recursive: true })
    await rm(dir, { recursive: true, force: true })
    await run('python3', ['-m', 'venv', dir], { timeout: patienceMs })
    const options = ['--quiet', '--disable-pip-version-check', '--retries', '0']
    await run(join(dir, 'bin/pip'), ['install', ...options, ...packages], { timeout: patienceMs })
    await mkdir(done)
    return { bin: join(dir, 'bin') }
  } catch (error) {
    return { reason: `no Python with ${packages.join(' and ')}: ${firstLine(error)}` }
  }
}

const firstLine = (error: unknown): string => String(error).split('\n')[0]!.slice(0, 200)
