import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { holdFile } from '../../../../bandit/store/sqlite/hold-file.ts'
import { tempDir } from '../../../support/temp-dir.ts'

const module = new URL('../../../../bandit/store/sqlite/hold-file.ts', import.meta.url).href

test('a file is held by one process, until that is killed', async () => {
  const path = join(await tempDir(), 'lock')
  const code = `import { holdFile } from ${JSON.stringify(module)}
    console.log(typeof holdFile(${JSON.stringify(path)})); setInterval(() => {}, 1000)`
  const other = spawn(process.execPath, ['--input-type=module', '-e', code], { stdio: ['ignore', 'pipe', 2] })
  onTestFinished(() => void other.kill('SIGKILL'))
  const [said] = (await once(other.stdout!, 'data')) as [Buffer]
  expect(String(said).trim()).toBe('function')
  expect(holdFile(path)).toBeUndefined()
  expect(await readdir(dirname(path))).toEqual(['lock'])
  other.kill('SIGKILL')
  await once(other, 'exit')
  const letGo = holdFile(path)!
  expect(holdFile(path)).toBeUndefined()
  letGo()
  holdFile(path)!()
})

test('a file in a folder that is not there says so', () => {
  expect(() => holdFile('/nowhere/lock')).toThrow('cannot use /nowhere/lock: the file cannot be opened')
})
