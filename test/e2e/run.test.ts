import { execFile } from 'node:child_process'
import { cp, mkdir, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { tempDir } from '../support/temp-dir.ts'

const suites = {
  'passes.test.ts': `test('passes', () => {}); test.skip('is skipped', () => {})`,
  'fails.test.ts': `test('fails', () => { throw new Error('on purpose') })`,
  'does-not-load.test.ts': `import './nowhere.ts'; test('is never seen', () => {})`,
  'hook.test.ts': `beforeAll(() => { throw new Error('on purpose') }); test('waits for the hook', () => {})`,
  'passes.redis.test.ts': `test('one', () => {}); test('two', () => {})`,
}

/** The runner in a project of its own, so that neither this project's suites nor its fetched Redis are seen. */
const project = async (): Promise<string> => {
  const dir = await tempDir()
  const here = join(import.meta.dirname, '..')
  await mkdir(join(dir, 'test'))
  await cp(join(here, 'run.ts'), join(dir, 'test/run.ts'))
  await cp(join(here, 'support'), join(dir, 'test/support'), {
    recursive: true,
    filter: (path) => !path.endsWith('.test.ts'),
  })
  // What the support files take from the code that ships.
  await cp(join(here, '../cli/demo/free-port.ts'), join(dir, 'cli/demo/free-port.ts'))
  await cp(join(here, '../vitest.config.ts'), join(dir, 'vitest.config.ts'))
  await symlink(join(here, '../node_modules'), join(dir, 'node_modules'))
  await writeFile(join(dir, 'package.json'), '{ "type": "module" }')
  for (const [name, body] of Object.entries(suites)) {
    await writeFile(
      join(dir, 'test', name),
      `import { beforeAll, test } from 'vitest'\n${body}\nvoid beforeAll\n`,
    )
  }
  return dir
}

/** PATH is empty: no Redis to be found and no apt-get to fetch one with. */
const npmTest = async (
  args: string[],
  env: NodeJS.ProcessEnv = {},
): Promise<{ code: number; lines: string[] }> => {
  const cwd = await project()
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      ['test/run.ts', ...args],
      { cwd, env: { PATH: '', ...env } },
      (error, stdout) => {
        resolve({ code: Number(error?.code ?? 0), lines: stdout.trimEnd().split('\n') })
      },
    )
  })
}

describe('npm test', () => {
  test('counts a file that does not load and a failing hook as failures, and what it cannot run as skipped', async () => {
    const { code, lines } = await npmTest(['passes', 'fails', 'does-not-load', 'hook'])
    expect(lines.at(-1)).toBe('1 passed, 3 failed, 4 skipped')
    expect(lines.at(-2)).toMatch(/^skipped redis and e2e: no Redis server.*set REDIS_URL$/)
    expect(code).toBe(1)
  })

  test('ends well where all that can run passes', async () => {
    const { code, lines } = await npmTest(['passes', '-t', 'passes'])
    expect(lines.at(-1)).toBe('1 passed, 0 failed, 3 skipped')
    expect(code).toBe(0)
  })

  test('skips nothing on a build server', async () => {
    const { code, lines } = await npmTest(['passes'], { CI: 'true' })
    expect(lines.at(-1)).toBe('1 passed, 2 failed, 1 skipped')
    expect(code).toBe(1)
  })

  test('needs no Redis for a project without it, and none but REDIS_URL where that is set', async () => {
    const unit = await npmTest(['--project', 'unit', 'passes'], { CI: 'true' })
    expect(unit.lines.at(-1)).toBe('1 passed, 0 failed, 1 skipped')
    const redis = await npmTest(['--project', 'redis'], { CI: 'true', REDIS_URL: 'redis://127.0.0.1:1' })
    expect(redis.lines.at(-1)).toBe('2 passed, 0 failed')
  })
})
