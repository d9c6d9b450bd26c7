import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { createAsk } from '../../../cli/batch/ask.ts'
import { createClient } from '../../../cli/batch/client.ts'

/** A gateway that answers one problem to whatever is sent, and how often it was asked. */
async function serve(status: number, body: object, headers: Readonly<Record<string, string>> = {}) {
  let asked = 0
  const server = createServer((request, response) => {
    asked++
    if (request.method === 'GET') {
      const shown = { inputs: [{ name: 'x', datatype: 'FP32', shape: [-1, 1] }], arms: [{ name: 'log' }] }
      return response.end(JSON.stringify(shown))
    }
    response.writeHead(status, headers)
    return response.end(JSON.stringify(body))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const client = createClient({
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    key: undefined,
    concurrency: 1,
    signal: AbortSignal.timeout(5000),
    note: () => {},
  })
  onTestFinished(async () => {
    await client.close().catch(() => {})
    server.close()
  })
  return { client, asked: () => asked }
}

const row = { number: 3, body: { inputs: { x: [[-1]] } } }

test('a row to which no arm has a number is refused, and not sent again', async () => {
  const { client, asked } = await serve(502, { code: 'unusable_answer', detail: 'it is NaN' })
  const ask = await createAsk({ client, endpoint: 'e', run: 'r', arm: undefined, isFast: false })
  expect(await ask.row(row)).toEqual({
    line: '{"row":3,"error":{"code":"unusable_answer","detail":"it is NaN"}}',
    isRefused: true,
  })
  expect(asked()).toBe(1)
})

test('nor is it where the arm is named, whose errors have their code in a header', async () => {
  const { client, asked } = await serve(
    502,
    { error: 'it is NaN' },
    { 'x-bandit-error-code': 'unusable_answer' },
  )
  const ask = await createAsk({ client, endpoint: 'e', run: 'r', arm: 'log', isFast: false })
  expect(await ask.row(row)).toEqual({
    line: '{"row":3,"error":{"code":"unusable_answer","detail":"it is NaN"}}',
    isRefused: true,
  })
  expect(asked()).toBe(2)
})

test('rows under way are given up at once when the run has ended', async () => {
  const { client } = await serve(503, { code: 'overloaded', detail: 'later' }, { 'retry-after': '5' })
  const ask = await createAsk({ client, endpoint: 'e', run: 'r', arm: undefined, isFast: false })
  const asked = ask.row(row)
  await client.close()
  await expect(asked).rejects.toThrow(/abort|destroyed/)
})
