import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { listen } from '../../model-workers/listen.ts'
import type { Model } from '../../model-workers/model.ts'
import { createModelServer } from '../../model-workers/server.ts'
import { quietLogger } from '../fixtures/quiet-logger.ts'
import { tempDir } from '../support/temp-dir.ts'

/** A model that keeps the thread for 40 ms, as a computation does; `ran` has the ids of what it computed. */
function busyModel() {
  const ran: string[] = []
  const model: Model = {
    metadata: { name: 'm', platform: 'test', inputs: [], outputs: [] },
    infer({ id }) {
      ran.push(id!)
      const until = performance.now() + 40
      while (performance.now() < until);
      return Promise.resolve([])
    },
    close: () => Promise.resolve(),
  }
  return { model, ran }
}

async function serve(model: Model) {
  const { http } = createModelServer({ model, logger: quietLogger })
  const socket = join(await tempDir(), 'w.sock')
  await listen(http, { socket })
  onTestFinished(() => {
    http.closeAllConnections()
    http.close()
  })
  /** With a connection that is made already. */
  return async () => {
    const client = connect(socket)
    await once(client, 'connect')
    return client
  }
}

function ask(client: Socket, id: string, timeoutMs?: number): void {
  const body = JSON.stringify({ id, inputs: [{ name: 'x', datatype: 'FP32', shape: [1], data: [1] }] })
  const timeout = timeoutMs === undefined ? '' : `bandit-timeout-ms: ${timeoutMs}\r\n`
  client.write(
    `POST /v2/models/m/infer HTTP/1.1\r\nhost: m\r\n${timeout}content-length: ${body.length}\r\n\r\n${body}`,
  )
}

const statusOf = async (client: Socket): Promise<number> => {
  const [answer] = (await once(client, 'data')) as [Buffer]
  return Number(answer.toString('latin1', 9, 12))
}

test('what is too late, or has nobody who waits, when the model gets to it is not computed', async () => {
  const { model, ran } = busyModel()
  const open = await serve(model)
  const [patient, hasty, gone, silent] = [await open(), await open(), await open(), await open()]
  ask(patient, 'first', 60_000)
  expect(await statusOf(patient)).toBe(200)

  ask(patient, 'patient', 60_000)
  ask(hasty, 'hasty', 5)
  ask(gone, 'gone', 60_000)
  gone.end()
  gone.destroy()
  ask(silent, 'silent')
  expect(await Promise.all([patient, hasty, silent].map(statusOf))).toEqual([200, 504, 200])
  expect(ran.toSorted()).toEqual(['first', 'patient', 'silent'])
})

test('a word that is no time is none', async () => {
  const { model } = busyModel()
  const client = await (await serve(model))()
  ask(client, 'odd', NaN)
  expect(await statusOf(client)).toBe(200)
})
