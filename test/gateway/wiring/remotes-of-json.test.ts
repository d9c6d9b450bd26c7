import { json } from 'node:stream/consumers'
import { describe, expect, test } from 'vitest'
import { send } from '../upstream/fixtures/oip-server.ts'
import { type Answer, serve, start, sum, x } from './fixtures/remotes.ts'

test('TensorFlow Serving is asked by columns', async () => {
  const asked: unknown[] = []
  const url = await serve(async (request, response) => {
    if (request.method === 'GET')
      return send(response, 200, { model_version_status: [{ version: '3', state: 'AVAILABLE' }] })
    const body = (await json(request)) as { inputs: { rows: number[][] } }
    asked.push([request.url, body])
    send(response, 200, { outputs: body.inputs.rows.map(([a, b]) => a! + b!) })
  })
  const { infer } = await start({
    urls: [url],
    protocol: 'tensorflow',
    version: '3',
    inputs: [{ ...x, as: 'rows' }],
    outputs: [sum],
  })
  expect(await infer()).toEqual({ name: 'sum', values: [3, 7] })
  expect(asked).toEqual([
    [
      '/v1/models/sums/versions/3:predict',
      {
        inputs: {
          rows: [
            [1, 2],
            [3, 4],
          ],
        },
      },
    ],
  ])
})

describe('a server of plain JSON', () => {
  const placed = {
    protocol: 'json' as const,
    inputs: [{ ...x, as: '/instances/*/features' }],
    outputs: [{ ...sum, as: '/predictions/*/score' }],
  }
  const answer: Answer = async (request, response) => {
    if (request.url === '/health') return send(response, 200, {})
    if (request.method === 'GET') return send(response, 404, {})
    const { instances } = (await json(request)) as { instances: { features: number[] }[] }
    send(response, 200, { predictions: instances.map(({ features: [a, b] }) => ({ score: a! + b! })) })
  }

  test('is asked and answers where the configuration says', async () => {
    const { infer } = await start({
      ...placed,
      urls: [`${await serve(answer)}/score?full=1`],
      ready: '/health',
    })
    expect(await infer()).toEqual({ name: 'sum', values: [3, 7] })
  })

  test('that is not ready is not asked', async () => {
    const { upstream } = await start({ ...placed, urls: [await serve(answer)], ready: '/nowhere' })
    expect(upstream.available()).toBe(false)
  })

  test.each([
    ['something else', { predictions: [{ label: 1 }, { label: 2 }] }],
    ['text for a number', { predictions: [{ score: 'a' }, { score: 'b' }] }],
    ['no list', { predictions: { score: 1 } }],
  ])('that answers %s gives a bad answer', async (_, body) => {
    const url = await serve((_request, response) => send(response, 200, body))
    const { infer } = await start({ ...placed, urls: [url] })
    await expect(infer()).rejects.toMatchObject({ code: 'bad_output' })
  })

  test.each([
    [422, 'rejected'],
    [500, 'bad_output'],
  ])('that answers %i is %s', async (status, code) => {
    const url = await serve((_request, response) => send(response, status, { detail: 'no' }))
    const { infer } = await start({ ...placed, urls: [url] })
    await expect(infer()).rejects.toMatchObject({ code })
  })
})
