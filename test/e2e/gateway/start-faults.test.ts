import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { createServer, type AddressInfo } from 'node:net'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { digitsConfig } from '../../fixtures/digits-config.ts'
import { createCaller } from '../../fixtures/gateway-caller.ts'
import { runGateway } from '../../fixtures/gateway-run.ts'
import { modelFile } from '../../fixtures/model-file.ts'
import { isRunning } from '../../fixtures/processes.ts'
import { newStore } from '../../fixtures/real-stores.ts'
import { images } from '../../fixtures/steady-load.ts'
import { tempDir } from '../../support/temp-dir.ts'

interface Fault {
  readonly config?: string
  readonly store?: string
  readonly args?: readonly string[]
  readonly tmp?: string
}

/** What a gateway that cannot start says on standard error, and its exit code. */
const failToStart = async ({
  config,
  store,
  tmp,
  args = [],
}: Fault): Promise<{ code: unknown; stderr: string }> => {
  const gateway = runGateway({
    config: config ?? (await digitsConfig({ models: ['logistic'] })),
    store: store ?? (await newStore.sqlite()),
    tmp: tmp ?? (await tempDir()),
    args,
  })
  const code = await gateway.exited
  await gateway.closed
  expect(gateway.log().map(({ msg }) => msg)).not.toContain('ready')
  expect(gateway.workers().filter(isRunning)).toEqual([])
  const stderr = gateway.stderr()
  expect(stderr).not.toMatch(/^\s+at /m)
  return { code, stderr }
}

const yaml = async (text: string): Promise<string> => {
  const path = join(await tempDir(), 'bandit.yaml')
  await writeFile(path, text)
  return path
}

describe('one line says why a gateway cannot start', () => {
  test('a configuration that is not there', async () => {
    const config = join(await tempDir(), 'none.yaml')
    const { code, stderr } = await failToStart({ config })
    expect(code).toBe(1)
    expect(stderr).toMatch(/^bandit: cannot read the configuration \S+none\.yaml: .+\n$/)
  })

  test('a model file that is not there', async () => {
    const config = await digitsConfig({ models: ['logistic'], files: { logistic: '/nowhere/m.onnx' } })
    const { code, stderr } = await failToStart({ config })
    expect(code).toBe(1)
    expect(stderr).toMatch(/^bandit: no model file at logistic: \/nowhere\/m\.onnx: .+\n$/)
  })

  test('an address that others can reach, without keys', async () => {
    const { code, stderr } = await failToStart({ args: ['--listen=0.0.0.0:0'] })
    expect(code).toBe(1)
    expect(stderr).toMatch(/^bandit: 0\.0\.0\.0 can be reached from elsewhere, .*bandit keys create.*\n$/)
  })

  test('a port that is taken', async () => {
    const server = createServer().listen(0, '127.0.0.1')
    await once(server, 'listening')
    onTestFinished(() => void server.close())
    const { port } = server.address() as AddressInfo
    const { code, stderr } = await failToStart({ args: [`--listen=127.0.0.1:${port}`] })
    expect(code).toBe(1)
    expect(stderr).toMatch(
      new RegExp(`^bandit: cannot listen on 127\\.0\\.0\\.1:${port}: something else .+\\n$`),
    )
  })

  test('a file for the store that is none', async () => {
    const { code, stderr } = await failToStart({ store: `sqlite:${await tempDir()}` })
    expect(code).toBe(1)
    expect(stderr).toMatch(/^bandit: cannot use \S+: .+\n$/)
  })

  test('a folder for the store that cannot be made', async () => {
    const path = join(await tempDir(), 'file')
    await writeFile(path, '')
    const { code, stderr } = await failToStart({ store: `sqlite:${path}/bandit.db` })
    expect(code).toBe(1)
    expect(stderr).toMatch(/^bandit: cannot use \S+: .+\n$/)
  })

  test('a store that is something else', async () => {
    const path = join(await tempDir(), 'bandit.db')
    await writeFile(path, 'no database at all, but long enough to be taken for the header of one'.repeat(10))
    const { code, stderr } = await failToStart({ store: `sqlite:${path}` })
    expect(code).toBe(1)
    expect(stderr).toMatch(/^bandit: cannot use \S+: .*no SQLite database.*\n$/)
  })

  test('a policy that is not there', async () => {
    const { code, stderr } = await failToStart({ args: ['--policy=tompson'] })
    expect(code).toBe(1)
    expect(stderr).toMatch(/^bandit: there is no policy "tompson": .*thompson.*\n$/)
  })

  test('a folder for sockets whose path is too long', async () => {
    const deep = join(await tempDir(), 'x'.repeat(100))
    const { code, stderr } = await failToStart({ tmp: deep })
    expect(code).toBe(1)
    expect(stderr).toMatch(/^bandit: .* a socket's path may have \d+: use a shorter folder\n$/)
  })
})

test('every fault of a configuration is listed at its place', async () => {
  const config = await yaml(
    [
      'models:',
      '  one: { onnx: ./one.onnx, replica: 2 }',
      'endpoints:',
      '  digits:',
      '    arms:',
      '      first: { model: two }',
      '    reward: { window: 1 fortnight }',
      '    policy: { name: tompson }',
    ].join('\n'),
  )
  const { code, stderr } = await failToStart({ config })
  expect(code).toBe(1)
  const [head, ...faults] = stderr.trimEnd().split('\n')
  expect(head).toBe('bandit: the configuration is not valid')
  const places = faults.map((fault) => fault.replace(config, 'FILE').split(': ')[0])
  expect(places).toEqual([
    'FILE:2:28 models.one.replica',
    'FILE:6:23 endpoints.digits.arms.first.model',
    'FILE:7:23 endpoints.digits.reward.window',
    'FILE:8:21 endpoints.digits.policy.name',
  ])
})

test('a wrong option is answered with its line and exit code 2', async () => {
  const { code, stderr } = await failToStart({ args: ['--listen=nowhere'] })
  expect(code).toBe(2)
  expect(stderr).toContain('Give host:port, like 127.0.0.1:8080.')
})

test('a corrupt model among good ones is left out and tried again; the others answer', async () => {
  const file = await modelFile('this is no model')
  const config = await digitsConfig({ models: ['logistic', 'tree'], files: { tree: file } })
  const gateway = runGateway({ config, store: await newStore.sqlite(), tmp: await tempDir() })
  const caller = createCaller(await gateway.ready())
  const replies = await Promise.all(images.slice(0, 20).map(({ pixels }) => caller.predict(pixels)))
  expect(new Set(replies.map(({ status, body }) => `${status} ${body.arm}`))).toEqual(
    new Set(['200 logistic']),
  )
  expect((await caller.arms()).get('tree')!.state).toBe('unavailable')
  const warned = gateway.log().find(({ level, model }) => level === 'warn' && model === 'tree')
  expect(warned).toMatchObject({
    code: 1,
    reason: expect.stringContaining(file),
    delayMs: expect.any(Number),
  })
})

test('with nothing but corrupt models there is nothing to serve', async () => {
  const file = await modelFile('this is no model')
  const config = await digitsConfig({ models: ['tree'], files: { tree: file } })
  const { code, stderr } = await failToStart({ config })
  expect(code).toBe(1)
  expect(stderr).toMatch(/^bandit: no model of endpoint digits could be started: .+\n$/)
})
