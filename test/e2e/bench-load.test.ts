import { createServer } from 'node:http'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { expect, onTestFinished, test } from 'vitest'
import { generate } from '../../bench/load/generate.ts'
import { readImages } from '../../bench/models.ts'
import { startBare } from '../../bench/servers/start.ts'

const contentType = 'application/json'

/** Answers every body with itself, and `refuse` with 503; remembers how many requests it had under way at most. */
const startEcho = async () => {
  const seen = { bodies: [] as string[], mostAtOnce: 0 }
  let underWay = 0
  const server = createServer((request, response) => {
    underWay += 1
    seen.mostAtOnce = Math.max(seen.mostAtOnce, underWay)
    void text(request).then((body) => {
      seen.bodies.push(body)
      setTimeout(() => {
        underWay -= 1
        response.writeHead(body === '"refuse"' ? 503 : 200).end(body)
      }, 5)
    })
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => void server.close())
  return { seen, origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }
}

test('sends every body once, one a connection at a time, and brings a field of the answers back', async () => {
  const { seen, origin } = await startEcho()
  const bodies = Array.from({ length: 20 }, (_, id) => JSON.stringify({ id }))
  const result = await generate({ origin, path: '/', contentType, connections: 4, bodies, collect: 'id' })
  expect(seen.bodies.toSorted()).toEqual(bodies.toSorted())
  expect(result.collected.map(Number).toSorted((a, b) => a - b)).toEqual(bodies.map((_, id) => id))
  expect(seen.mostAtOnce).toBe(4)
  expect(result.requests).toBe(20)
  expect(result.p50Us).toBeGreaterThan(5_000)
})

test('goes on for as long as it is told', async () => {
  const { seen, origin } = await startEcho()
  const result = await generate({
    origin,
    path: '/',
    contentType,
    connections: 2,
    bodies: ['1'],
    seconds: 0.3,
  })
  expect(result.seconds).toBeGreaterThanOrEqual(0.3)
  expect(result.requests).toBe(seen.bodies.length)
})

test('does not count a refusal as an answer', async () => {
  const { origin } = await startEcho()
  const job = { origin, path: '/', contentType, connections: 1, bodies: ['1', '"refuse"'] }
  await expect(generate(job)).rejects.toThrow('of 2 requests failed 1 × 503')
})

test('the server that all are compared with answers with labels', async () => {
  await using stack = new AsyncDisposableStack()
  const file = join(import.meta.dirname, '../../examples/digits/models/forest.onnx')
  const origin = await startBare(file, stack)
  const images = await readImages(2)
  const answer = await fetch(`${origin}/predict`, {
    method: 'POST',
    body: JSON.stringify({ inputs: { pixels: images } }),
  })
  const { outputs } = (await answer.json()) as { outputs: { label: number[]; probabilities: number[][] } }
  expect(outputs.label).toEqual([1, 9])
  expect(outputs.probabilities.map((row) => row.length)).toEqual([10, 10])
})
