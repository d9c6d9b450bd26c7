import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { createTestGateway, get, post } from '../../fixtures/gateway-app.ts'
import { expectProblem } from '../../fixtures/problem.ts'

const body = JSON.stringify({ inputs: { pixels: [[0, 1, 2, 3]] } })
const json = { 'content-type': 'application/json' }

/** A body that comes in pieces, without its length being known before. */
function pieces(size: number, piece = 1000): ReadableStream<Uint8Array> {
  let left = size
  return new ReadableStream({
    pull(controller) {
      if (left <= 0) return controller.close()
      controller.enqueue(new Uint8Array(Math.min(piece, left)).fill(0x20))
      left -= piece
    },
  })
}

async function stream(path: string, of: ReadableStream<Uint8Array>, headers: Record<string, string> = json) {
  const gateway = createTestGateway()
  const response = await gateway.app.request(path, {
    method: 'POST',
    body: of,
    headers,
    duplex: 'half',
  })
  return {
    status: response.status,
    headers: response.headers,
    body: (await response.json()) as Record<string, unknown>,
  }
}

describe('size', () => {
  test.each(['/predict', '/predict/digits', '/feedback'])(
    '%s refuses by the length that is named',
    async (path) => {
      const limit = path === '/feedback' ? 8192 : 4096
      const answer = await post(createTestGateway(), path, ' '.repeat(limit + 1), {
        'content-length': String(limit + 1),
      })
      expectProblem(answer, 'body_too_large')
      expect(answer.headers.get('connection')).toBe('close')
    },
  )

  test.each(['/predict', '/feedback'])('%s refuses by the bytes that come', async (path) => {
    const limit = path === '/feedback' ? 8192 : 4096
    expectProblem(await stream(path, pieces(limit + 1)), 'body_too_large')
    expectProblem(await stream(path, pieces(limit)), 'malformed_json')
  })

  test('stops reading where the limit is passed', async () => {
    let pulled = 0
    const endless = new ReadableStream<Uint8Array>({
      pull(controller) {
        pulled++
        controller.enqueue(new Uint8Array(1024).fill(0x20))
      },
    })
    expectProblem(await stream('/predict', endless), 'body_too_large')
    expect(pulled).toBeLessThan(10)
  })

  test('a length that lies lets nothing through', async () => {
    const answer = await post(createTestGateway(), '/predict', ' '.repeat(5000), { 'content-length': '10' })
    expectProblem(answer, 'body_too_large')
  })

  test('one feedback is smaller than a batch', async () => {
    const one = JSON.stringify({ prediction_id: 'x'.repeat(1100), reward: 1 })
    expectProblem(await post(createTestGateway(), '/feedback', one), 'body_too_large')
    expect((await post(createTestGateway(), '/feedback', `[${one}]`)).status).toBe(200)
  })

  test('a body that breaks off is a fault of the connection', async () => {
    const broken = new ReadableStream<Uint8Array>({
      pull(controller) {
        controller.error(new Error('socket hang up'))
      },
    })
    expectProblem(await stream('/predict', broken), 'broken_body')
  })

  test('a body that comes in pieces is as good as one', async () => {
    const halves = new ReadableStream<Uint8Array>({
      start(controller) {
        controller.enqueue(Buffer.from(body.slice(0, 20)))
        controller.enqueue(Buffer.from(body.slice(20)))
        controller.close()
      },
    })
    expect((await stream('/predict', halves)).status).toBe(200)
  })
})

describe('content type', () => {
  test.each([
    'text/plain',
    'application/x-www-form-urlencoded',
    'application/jsonp',
    'application/json; charset=utf-16',
    'application/x-ndjson',
    '__proto__',
    'json',
  ])('%s is not for predictions', async (type) => {
    expectProblem(
      await post(createTestGateway(), '/predict', body, { 'content-type': type }),
      'unsupported_media_type',
    )
  })

  test('cannot be left out', async () => {
    expectProblem(await stream('/predict', pieces(10), {}), 'unsupported_media_type')
  })

  test.each(['application/json', 'application/json; charset=utf-8', 'Application/JSON;charset="UTF-8"'])(
    '%s is taken',
    async (type) => {
      expect((await post(createTestGateway(), '/predict', body, { 'content-type': type })).status).toBe(200)
    },
  )

  test.each(['gzip', 'br', 'deflate', 'zstd', 'gzip, identity'])('%s is not unpacked', async (encoding) => {
    for (const path of ['/predict', '/feedback']) {
      const answer = await post(createTestGateway(), path, gzipSync(body), { 'content-encoding': encoding })
      expectProblem(answer, 'unsupported_encoding')
      expect(answer.headers.get('accept-encoding')).toBe('identity')
    }
  })
})

describe('routes', () => {
  test.each([
    ['GET', '/predict', 'POST'],
    ['PUT', '/predict/digits', 'POST'],
    ['DELETE', '/feedback', 'POST'],
    ['OPTIONS', '/feedback', 'POST'],
    ['POST', '/endpoints', 'GET, HEAD'],
    ['POST', '/endpoints/digits', 'GET, HEAD'],
    ['PATCH', '/livez', 'GET, HEAD'],
    ['POST', '/metrics', 'GET, HEAD'],
  ])('%s %s is not allowed', async (method, path, allow) => {
    const response = await createTestGateway().app.request(path, { method })
    const answer = { status: response.status, headers: response.headers, body: await response.json() }
    expectProblem(answer as never, 'method_not_allowed')
    expect(answer.headers.get('allow')).toBe(allow)
  })

  test.each(['/', '/predict/digits/more', '/predicts', '/__proto__', '/endpoints/', '/%00', '/..%2f'])(
    '%s is nowhere',
    async (path) => {
      expectProblem(await get(createTestGateway(), path), 'unknown_route')
    },
  )

  test('made-up paths and methods share their labels', async () => {
    const gateway = createTestGateway()
    for (let i = 0; i < 50; i++) {
      await gateway.app.request(`/made-up/${i}`, { method: `X${i}` })
      await gateway.app.request(`/endpoints/${i}`)
    }
    const counts = (await gateway.registry.metrics())
      .split('\n')
      .filter((line) => line.startsWith('bandit_request_duration_seconds_count'))
    expect(counts).toEqual([
      'bandit_request_duration_seconds_count{method="other",route="unmatched",status="4xx"} 50',
      'bandit_request_duration_seconds_count{method="GET",route="/endpoints/:endpoint",status="4xx"} 50',
    ])
  })
})

describe('the request id', () => {
  test('is the caller’s when it is fit to be logged', async () => {
    const { headers } = await post(createTestGateway(), '/predict', body, { 'x-request-id': 'trace-1.2_3=' })
    expect(headers.get('x-request-id')).toBe('trace-1.2_3=')
  })

  test.each(['x'.repeat(129), 'a b', 'ä', '<script>'])('is not %j', async (id) => {
    const { headers } = await post(createTestGateway(), '/predict', body, { 'x-request-id': encodeURI(id) })
    expect(headers.get('x-request-id')).toMatch(/^AQEBAQEB-1$/)
  })

  test('is another one for each request', async () => {
    const gateway = createTestGateway()
    const ids = [await get(gateway, '/livez'), await get(gateway, '/livez')].map(({ headers }) =>
      headers.get('x-request-id'),
    )
    expect(new Set(ids).size).toBe(2)
  })
})
