import { execFile } from 'node:child_process'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { workerPermissions } from '../../../model-workers/supervisor/permissions.ts'
import { digitsConfig, modelPath } from '../../fixtures/digits-config.ts'
import { createCaller } from '../../fixtures/gateway-caller.ts'
import { runGateway } from '../../fixtures/gateway-run.ts'
import { newStore } from '../../fixtures/real-stores.ts'
import { images } from '../../fixtures/steady-load.ts'
import { tempDir } from '../../support/temp-dir.ts'

const run = promisify(execFile)

/** What becomes of each attempt, in a process with a worker's permissions: its code where it is denied. */
const attempt = async (attempts: Readonly<Record<string, string>>) => {
  const dir = await tempDir()
  const inside = join(dir, 'run')
  await mkdir(inside)
  await writeFile(join(dir, 'secret'), 'x')
  const onnx = modelPath('logistic')
  const lines = Object.entries(attempts).map(
    ([name, code]) =>
      `try { ${code}; told.${name} = 'done' } catch (error) { told.${name} = error.code ?? String(error) }`,
  )
  const program = `
    const fs = require('node:fs'), dir = ${JSON.stringify(dir)}, onnx = ${JSON.stringify(onnx)}, told = {}
    ${lines.join('\n')}
    console.log(JSON.stringify(told))`
  const { stdout } = await run(process.execPath, [
    ...workerPermissions({ onnx, directory: inside }),
    '--eval',
    program,
  ])
  return JSON.parse(stdout) as Record<string, string>
}

test('a worker reads its code and its model, writes beside its socket, and may nothing else', async () => {
  expect(
    await attempt({
      model: 'fs.readFileSync(onnx)',
      beside: "fs.writeFileSync(dir + '/run/socket', '')",
      others: "fs.readFileSync(dir + '/secret')",
      passwords: "fs.readFileSync('/etc/passwd')",
      itself: "fs.readFileSync('/proc/self/environ')",
      write: "fs.writeFileSync(dir + '/new', '')",
      overwrite: "fs.writeFileSync(onnx, '')",
      child: "require('node:child_process').spawnSync('true')",
      thread: "new (require('node:worker_threads').Worker)('', { eval: true })",
      inspector: "require('node:inspector').open(0)",
    }),
  ).toEqual({
    model: 'done',
    beside: 'done',
    others: 'ERR_ACCESS_DENIED',
    passwords: 'ERR_ACCESS_DENIED',
    itself: 'ERR_ACCESS_DENIED',
    write: 'ERR_ACCESS_DENIED',
    overwrite: 'ERR_ACCESS_DENIED',
    child: 'ERR_ACCESS_DENIED',
    thread: 'ERR_ACCESS_DENIED',
    inspector: 'ERR_ACCESS_DENIED',
  })
})

test.each(['on', 'off'])('with permissions %s a model answers', async (permissions) => {
  const config = await digitsConfig({ models: ['logistic'], more: { workers: { permissions } } })
  const gateway = runGateway({ config, store: await newStore.sqlite(), tmp: await tempDir() })
  const caller = createCaller(await gateway.ready())
  expect((await caller.predict(images[0]!.pixels)).status).toBe(200)
  const { stdout } = await run('ps', ['-o', 'args=', '-p', String(gateway.workerOf('logistic'))])
  expect(stdout.includes('--permission ')).toBe(permissions === 'on')
  // Its own copy, and not the file that was copied.
  expect(stdout).not.toContain(`--allow-fs-read=${modelPath('logistic')}`)
  expect(stdout).not.toContain(`--model ${modelPath('logistic')}`)
  expect(gateway.stderr()).not.toMatch(/Warning/)
})
