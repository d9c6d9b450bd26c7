import { once } from 'node:events'
import { readdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { Client, request } from 'undici'
import type { WorkerMessage } from '../../../model-workers/worker-messages.ts'
import { modelFile } from '../../fixtures/model-file.ts'
import { loopModel, matMulModel } from '../../fixtures/onnx-models.ts'
import { type Started, startNode } from '../../fixtures/processes.ts'
import { freePort } from '../../support/free-port.ts'
import { tempDir } from '../../support/temp-dir.ts'
import { waitUntil } from '../../support/wait-until.ts'

const main = 'model-workers/main.ts'
const start = (...args: string[]): Started => startNode(main, args)
const startWithChannel = (...args: string[]): Started =>
  startNode(main, args, ['ignore', 'ignore', 'pipe', 'ipc'])

const ready = async (origin: string, socketPath?: string): Promise<Client> => {
  const client = new Client(origin, socketPath === undefined ? {} : { socketPath })
  onTestFinished(() => client.destroy())
  await waitUntil(
    async () => {
      const answer = await client.request({ path: '/v2/health/ready', method: 'GET' })
      await answer.body.dump()
      return answer.statusCode === 200
    },
    { what: 'the worker is ready', timeoutMs: 20_000 },
  )
  return client
}
const linesOf = (stderr: string): { msg: string }[] =>
  stderr
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as { msg: string })

describe('a worker on its own', () => {
  test.each(['SIGTERM', 'SIGINT'] as const)(
    'serves on a socket until %s, and leaves no file',
    async (signal) => {
      const socket = join(await tempDir(), 'w.sock')
      const { child, ended } = start(
        '--model',
        await modelFile(matMulModel()),
        '--name',
        'm',
        '--socket',
        socket,
      )
      const client = await ready('http://localhost', socket)
      const answer = await client.request({
        path: '/v2/models/m/infer',
        method: 'POST',
        body: '{"inputs":[{"name":"x","datatype":"FP32","shape":[1,3],"data":[1,2,3]}]}',
      })
      expect(await answer.body.json()).toMatchObject({ outputs: [{ data: [22, 28] }] })
      child.kill(signal)
      expect(await ended).toMatchObject({ code: 0, signal: null })
      expect(await readdir(dirname(socket))).toEqual([])
    },
  )

  test('serves on a port', async () => {
    const port = await freePort()
    const model = await modelFile(matMulModel())
    const { child, ended } = start('--model', model, '--name', 'm', '--port', `${port}`)
    await ready(`http://127.0.0.1:${port}`)
    const metadata = await request(`http://127.0.0.1:${port}/v2/models/m`)
    expect(await metadata.body.json()).toMatchObject({ name: 'm', versions: ['1'] })
    child.kill('SIGTERM')
    expect((await ended).code).toBe(0)
  })

  test('finishes what it computes before it goes', async () => {
    const socket = join(await tempDir(), 'w.sock')
    const { child, ended } = start('--model', await modelFile(loopModel()), '--name', 'm', '--socket', socket)
    const client = await ready('http://localhost', socket)
    const body = '{"inputs":[{"name":"n","datatype":"INT64","shape":[],"data":[200000]}]}'
    const answer = client.request({ path: '/v2/models/m/infer', method: 'POST', body })
    setTimeout(() => child.kill('SIGTERM'), 50)
    const { statusCode, body: result } = await answer
    expect([statusCode, await result.json()]).toMatchObject([200, { outputs: [{ data: [19_999_900_000] }] }])
    expect((await ended).code).toBe(0)
  })
})

describe('what cannot be served is said in one line', () => {
  test('a missing file', async () => {
    const { code, stderr } = await start('--model', '/no/such.onnx', '--name', 'm', '--port', '0').ended
    expect(code).toBe(1)
    const lines = linesOf(stderr)
    expect(lines).toHaveLength(1)
    expect(lines[0]!.msg).toBe('/no/such.onnx cannot be read: check the path and its permissions')
  })

  test('a file that is no model', async () => {
    const path = await modelFile('not a model')
    const { code, stderr } = await start('--model', path, '--name', 'm', '--port', '0').ended
    expect(code).toBe(1)
    const lines = linesOf(stderr)
    expect(lines).toHaveLength(1)
    expect(lines[0]!.msg).toMatch(/is not a model that can be loaded \(.+\): export it again$/)
  })

  test('a port in use', async () => {
    const port = await freePort()
    const model = await modelFile(matMulModel())
    start('--model', model, '--name', 'm', '--port', `${port}`)
    await ready(`http://127.0.0.1:${port}`)
    const { code, stderr } = await start('--model', model, '--name', 'm', '--port', `${port}`).ended
    expect(code).toBe(1)
    const lines = linesOf(stderr)
    expect(lines).toHaveLength(1)
    expect(lines[0]!.msg).toBe(`127.0.0.1:${port} is in use: stop what listens there or choose another`)
  })

  test.each([
    [[]],
    [['--model', 'm.onnx', '--name', 'm']],
    [['--model', 'm.onnx', '--port', '1']],
    [['--model', 'm.onnx', '--name', 'm', '--port', 'x']],
    [['--model', 'm.onnx', '--name', 'm', '--port', '1', '--socket', 's']],
    [['--model', 'm.onnx', '--name', 'm', '--port', '1', '--colour', 'red']],
  ])('arguments %j', async (args) => {
    const { code, stderr } = await start(...args).ended
    expect(code).toBe(2)
    const lines = linesOf(stderr)
    expect(lines).toHaveLength(1)
    expect(lines[0]!.msg).toMatch(/^expected --model FILE\.onnx --name NAME/)
  })
})

describe('a worker with a supervisor', () => {
  test('tells when it is ready, where and for what', async () => {
    const socket = join(await tempDir(), 'w.sock')
    const model = await modelFile(matMulModel())
    const { child } = startWithChannel('--model', model, '--name', 'm', '--socket', socket)
    const [message] = (await once(child, 'message')) as [WorkerMessage]
    expect(message).toMatchObject({ type: 'ready', address: { socket }, metadata: { name: 'm' } })
  })

  test('tells why it failed', async () => {
    const { child, ended } = startWithChannel('--model', '/no/such.onnx', '--name', 'm', '--port', '0')
    const [message] = (await once(child, 'message')) as [WorkerMessage]
    expect(message).toEqual({
      type: 'failed',
      reason: expect.stringContaining('/no/such.onnx cannot be read'),
    })
    expect((await ended).code).toBe(1)
  })

  test('is not stopped by Ctrl-C, which is meant for the supervisor', async () => {
    const socket = join(await tempDir(), 'w.sock')
    const model = await modelFile(matMulModel())
    const { child, ended } = startWithChannel('--model', model, '--name', 'm', '--socket', socket)
    await once(child, 'message')
    child.kill('SIGINT')
    await ready('http://localhost', socket)
    child.kill('SIGTERM')
    expect(await ended).toMatchObject({ code: 0, signal: null })
  })

  test.each(['at once', 'later'])('goes when the channel closes %s', async (when) => {
    const socket = join(await tempDir(), 'w.sock')
    const model = await modelFile(matMulModel())
    const { child, ended } = startWithChannel('--model', model, '--name', 'm', '--socket', socket)
    if (when === 'later') await once(child, 'message')
    child.disconnect()
    expect(await ended).toMatchObject({ code: 0, signal: null })
  })
})
