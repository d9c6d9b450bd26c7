import { expect, test } from 'vitest'
import { digitsConfig } from '../../fixtures/digits-config.ts'
import { createCaller } from '../../fixtures/gateway-caller.ts'
import { runGateway } from '../../fixtures/gateway-run.ts'
import { newStore } from '../../fixtures/real-stores.ts'
import { images } from '../../fixtures/steady-load.ts'
import { tempDir } from '../../support/temp-dir.ts'
import { waitUntil } from '../../support/wait-until.ts'

test('a worker that freezes while nobody asks it is replaced before anybody does', async () => {
  const config = await digitsConfig({ models: ['logistic'], deadline: '2s' })
  const gateway = runGateway({ config, store: await newStore.sqlite(), tmp: await tempDir() })
  const origin = await gateway.ready()
  const worker = gateway.workerOf('logistic')!
  process.kill(worker, 'SIGSTOP')
  await waitUntil(() => gateway.workerOf('logistic') !== worker, {
    what: 'another worker is ready',
    timeoutMs: 15_000,
  })
  // It is asked once it has said what it takes.
  await waitUntil(async () => (await fetch(`${origin}/readyz`)).ok, { what: 'it can be asked' })
  const { status } = await createCaller(origin, 1).predict(images[0]!.pixels)
  expect(status).toBe(200)
  expect(gateway.log().some(({ msg }) => msg === 'worker is stuck: killing it')).toBe(true)
})
