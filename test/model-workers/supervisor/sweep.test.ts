import { mkdir, readdir, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { sweepRunDirectories } from '../../../model-workers/supervisor/sweep.ts'
import { quietLogger } from '../../fixtures/quiet-logger.ts'
import { tempDir } from '../../support/temp-dir.ts'

/** Above what any kernel hands out. */
const deadPid = 999_999_999

test('only run directories of the dead are removed', async () => {
  const parent = await tempDir()
  const elsewhere = await tempDir()
  const alive = [
    `bandit-${process.pid}-aaaaaa`,
    `bandit-${process.ppid}-aaaaaa`,
    'bandit-x',
    `bandit-${deadPid}-a.b`,
  ]
  for (const name of [...alive, `bandit-${deadPid}-aaaaaa`]) await mkdir(join(parent, name))
  await symlink(elsewhere, join(parent, `bandit-${deadPid}-bbbbbb`))
  await writeFile(join(parent, `bandit-${deadPid}-cccccc`), '')
  await sweepRunDirectories(parent, quietLogger)
  const left = [...alive, `bandit-${deadPid}-bbbbbb`, `bandit-${deadPid}-cccccc`]
  expect((await readdir(parent)).sort()).toEqual(left.sort())
})

test('a process that got the pid of an earlier life removes what that one left', async () => {
  const parent = await tempDir()
  await mkdir(join(parent, 'bandit-1-aaaaaa'))
  const now = Date.now()
  await sweepRunDirectories(parent, quietLogger, { pid: 1, startedAt: now - 60_000 })
  expect(await readdir(parent)).toEqual(['bandit-1-aaaaaa'])
  await sweepRunDirectories(parent, quietLogger, { pid: 1, startedAt: now + 60_000 })
  expect(await readdir(parent)).toEqual([])
})

test('a pid file that names somebody else, or nobody, kills nobody', async () => {
  const parent = await tempDir()
  const directory = join(parent, `bandit-${deadPid}-aaaaaa`)
  await mkdir(directory)
  await writeFile(join(directory, '0-0.pid'), `${process.pid}`)
  await writeFile(join(directory, '0-1.pid'), `${deadPid}`)
  await writeFile(join(directory, '0-2.pid'), '')
  await sweepRunDirectories(parent, quietLogger)
  expect(await readdir(parent)).toEqual([])
})
