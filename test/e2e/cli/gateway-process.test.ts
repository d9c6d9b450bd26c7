import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { findFreePort } from '../../../cli/demo/free-port.ts'
import { GatewayProcess } from '../../../cli/demo/gateway-process.ts'
import { tempDir } from '../../support/temp-dir.ts'
import { waitUntil } from '../../support/wait-until.ts'

const server = (port: number) => `
  import { createServer } from 'node:http'
  createServer((_, response) => response.end('ready')).listen(${port}, '127.0.0.1')
  process.on('disconnect', () => process.exit(0))
`

/** A process that runs `script`, with everything that it told about itself. */
const setUp = async (script: (port: number) => string) => {
  const folder = await tempDir()
  const port = await findFreePort()
  const path = join(folder, 'gateway.mjs')
  await writeFile(path, script(port))
  const notices: string[] = []
  const givenUp: string[] = []
  const gateway = new GatewayProcess({
    command: [path],
    logPath: join(folder, 'gateway.log'),
    isReady: async () => {
      const response = await fetch(`http://127.0.0.1:${port}/`).catch(() => undefined)
      return (await response?.text()) === 'ready'
    },
    onNotice: (text) => notices.push(text),
    onGivenUp: ({ message }) => givenUp.push(message),
  })
  onTestFinished(() => gateway.stop())
  return { gateway, notices, givenUp }
}

const isAlive = (pid: number) => {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

test('a gateway that is killed is started again, and that is said', async () => {
  const { gateway, notices } = await setUp(server)
  await gateway.start(new AbortController().signal)
  const first = gateway.pid!
  process.kill(first, 'SIGKILL')
  await waitUntil(() => notices.length === 2, { what: 'the gateway is back' })
  expect(notices).toEqual(['the gateway died (SIGKILL) and is started again', 'the gateway is ready again'])
  expect(gateway.pid).not.toBe(first)
  expect(gateway.restarts).toBe(1)
})

test('a stopped gateway is gone and stays so', async () => {
  const { gateway, notices } = await setUp(server)
  await gateway.start(new AbortController().signal)
  const { pid } = gateway
  await gateway.stop()
  expect(isAlive(pid!)).toBe(false)
  expect(gateway.pid).toBeUndefined()
  expect(notices).toEqual([])
})

test('killing ends it together with the processes that it started', async () => {
  const { gateway } = await setUp(
    (port) => `
      import { spawn } from 'node:child_process'
      import { createServer } from 'node:http'
      const worker = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1e6)'])
      console.log(worker.pid)
      createServer((_, response) => response.end('ready')).listen(${port}, '127.0.0.1')
    `,
  )
  await gateway.start(new AbortController().signal)
  const { pid } = gateway
  gateway.kill()
  await waitUntil(() => !isAlive(-pid!), { what: 'the whole process group is gone' })
})

test('a gateway that cannot start is given up at once, with what it wrote', async () => {
  const { gateway, givenUp } = await setUp(() => `console.error('bandit: no such file'); process.exit(1)`)
  const stop = new AbortController()
  const started = gateway.start(stop.signal)
  await waitUntil(() => givenUp.length === 1, { what: 'it is given up' })
  stop.abort()
  await expect(started).rejects.toThrow('aborted')
  expect(givenUp).toEqual(['The gateway ended (exit code 1). It wrote:\nbandit: no such file'])
})
