import { copyFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { digitsConfig, modelPath } from '../../fixtures/digits-config.ts'
import { createCaller } from '../../fixtures/gateway-caller.ts'
import { runGateway } from '../../fixtures/gateway-run.ts'
import { newStore } from '../../fixtures/real-stores.ts'
import { startLoad } from '../../fixtures/steady-load.ts'
import { tempDir } from '../../support/temp-dir.ts'
import { waitUntil } from '../../support/wait-until.ts'

test('a model whose file turns bad leaves the choice when its worker dies, and is back once it is mended', async () => {
  const file = join(await tempDir(), 'tree.onnx')
  await copyFile(modelPath('tree'), file)
  const config = await digitsConfig({ models: ['logistic', 'tree'], files: { tree: file }, copy: 'off' })
  const gateway = runGateway({ config, store: await newStore.sqlite(), tmp: await tempDir() })
  const origin = await gateway.ready()
  const caller = createCaller(origin)
  const load = startLoad(origin)
  const exits = () =>
    gateway.log().filter(({ msg, model }) => model === 'tree' && msg.startsWith('worker exited'))

  await writeFile(file, 'half a mod')
  process.kill(gateway.workerOf('tree')!, 'SIGKILL')
  await waitUntil(() => exits().length >= 3, { what: 'it was tried again, in vain', timeoutMs: 20_000 })
  expect((await caller.arms()).get('tree')!.state).toBe('unavailable')
  expect(exits().at(-1)).toMatchObject({ code: 1, reason: expect.stringContaining(file) })

  await copyFile(modelPath('tree'), file)
  await waitUntil(async () => (await caller.arms()).get('tree')!.state === 'active', {
    what: 'it is back',
    timeoutMs: 20_000,
  })
  const backFrom = load.answers.length
  await waitUntil(() => load.answers.slice(backFrom).some(({ body }) => body?.arm === 'tree'), {
    what: 'it answers',
  })
  await load.stop()
  expect(load.answers.filter(({ status }) => status !== 200)).toEqual([])
})

test('with the only model dead the answer is 503 with Retry-After, and 200 again by itself', async () => {
  const config = await digitsConfig({ models: ['logistic'], deadline: '1s' })
  const gateway = runGateway({ config, store: await newStore.sqlite(), tmp: await tempDir() })
  const origin = await gateway.ready()
  const load = startLoad(origin)
  await waitUntil(() => load.answers.length > 20, { what: 'answers come', timeoutMs: 10_000 })
  process.kill(gateway.workerOf('logistic')!, 'SIGKILL')
  await waitUntil(() => load.answers.some(({ status }) => status === 503), { what: 'nobody can answer' })
  const ready = await fetch(`${origin}/readyz`)
  expect([ready.status, ready.headers.get('retry-after')]).toEqual([503, '1'])
  expect((await fetch(`${origin}/livez`)).status).toBe(200)

  await waitUntil(() => load.answers.at(-1)!.status === 200, { what: 'it is back', timeoutMs: 15_000 })
  await load.stop()
  expect(new Set(load.answers.map(({ status }) => status))).toEqual(new Set([200, 503]))
  const refused = load.answers.filter(({ status }) => status === 503)
  // Drawn, so that they do not all come back together.
  expect(refused.filter(({ retryAfter }) => !/^[1-5]$/.test(retryAfter ?? ''))).toEqual([])
})
