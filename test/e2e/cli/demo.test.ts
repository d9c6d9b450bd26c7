import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { expect, onTestFinished, test } from 'vitest'
import type { Report } from '../../../cli/demo/report.ts'
import { tempDir } from '../../support/temp-dir.ts'
import { waitUntil } from '../../support/wait-until.ts'

const main = join(import.meta.dirname, '..', '..', '..', 'cli', 'main.ts')

/** The demo with a temporary folder of its own, so that whatever it leaves behind is seen. */
const startDemo = async (...options: string[]) => {
  const folder = await tempDir()
  const child = spawn(process.execPath, [main, 'demo', ...options], {
    env: { ...process.env, TMPDIR: folder },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const output = text(child.stdout)
  const exit = once(child, 'exit')
  onTestFinished(async () => {
    child.kill('SIGKILL')
    await exit
  })
  return {
    child,
    output,
    exitCode: async () => (await exit)[0] as number | null,
    left: () => readdir(folder),
  }
}

/** Process id of the demo's gateway as its output names it. */
const gatewayPid = async (child: ChildProcess): Promise<number> => {
  let seen = ''
  child.stdout!.on('data', (chunk: Buffer) => (seen += chunk.toString()))
  const line = await waitUntil(() => /gateway at \S+, process (\d+)/.exec(seen)?.[1], {
    what: 'the demo names its gateway',
    timeoutMs: 30_000,
  })
  return Number(line)
}

test('a gateway killed in the middle costs neither a request nor a label', async () => {
  const json = join(await tempDir(), 'report.json')
  const demo = await startDemo('--seconds', '9', '--rate', '150', '--json', json)
  process.kill(await gatewayPid(demo.child), 'SIGKILL')
  const exitCode = await demo.exitCode()
  const report = JSON.parse(await readFile(json, 'utf8')) as Report
  const passed = (name: string) => report.checks.find((check) => check.name === name)?.passed
  expect(report.run.gatewayRestarts).toBe(1)
  expect(report.requests).toMatchObject({ sent: 1_350, answered: 1_350, failed: 0 })
  expect(report.requests.retried).toBeGreaterThan(0)
  expect(['requests', 'labels', 'totals'].map(passed)).toEqual([true, true, true])
  // So short a run may or may not have got 90 % of the best reward; the exit code says what the report says.
  expect(exitCode).toBe(report.passed ? 0 : 1)
  expect(report.sameAsModels / report.requests.answered).toBeGreaterThan(0.95)
  expect(await demo.output).toContain('the gateway died (SIGKILL) and is started again')
  expect(await demo.left()).toEqual([])
})

test('a signal ends everything at once and leaves nothing behind', async () => {
  const demo = await startDemo('--seconds', '60')
  const gateway = await gatewayPid(demo.child)
  demo.child.kill('SIGINT')
  expect(await demo.exitCode()).toBe(130)
  expect(() => process.kill(gateway, 0)).toThrow('ESRCH')
  expect(await demo.left()).toEqual([])
})
