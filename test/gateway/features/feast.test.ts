import { createServer } from 'node:http'
import { json } from 'node:stream/consumers'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { features as featuresSchema } from '../../../gateway/config/features/features-schema.ts'
import { toFeatures } from '../../../gateway/config/features/to-features.ts'
import { createFeast } from '../../../gateway/features/feast.ts'
import { createOutbound } from '../../../gateway/security/outbound/outbound.ts'

let answer: { status: number; body: unknown }
let asked: { url: string | undefined; headers: Record<string, unknown>; body: unknown }
const server = createServer((request, response) => {
  const { url, headers } = request
  void json(request).then((body) => {
    asked = { url, headers, body }
    response.writeHead(answer.status, { 'content-type': 'application/json' }).end(JSON.stringify(answer.body))
  })
})

beforeAll(async () => {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
})
afterAll(() => {
  server.closeAllConnections()
  server.close()
})

const ask = async () => {
  const { port } = server.address() as AddressInfo
  const url = `http://127.0.0.1:${port}/base`
  const [config] = toFeatures(
    featuresSchema.parse({
      driver: {
        feast: url,
        entities: { driver_id: 'driver', city: 'town' },
        values: { rate: { type: 'number', from: 'stats:rate' }, name: { type: 'text', from: 'who:name' } },
      },
    }),
  )
  const outbound = createOutbound({ policy: {} })
  const { keys, features } = config!
  const source = createFeast({
    config: { url, entities: { driver_id: 'driver', city: 'town' } },
    keys,
    features,
    headers: { authorization: 'Bearer secret' },
    outbound,
  })
  const entities = [
    [1001, 'Wien'],
    [1002, 'Graz'],
  ]
  try {
    return await source.read(entities, AbortSignal.timeout(1000))
  } finally {
    await source.close()
  }
}

const column = (values: unknown[], statuses = values.map(() => 'PRESENT')) => ({ values, statuses })

test('asks by columns and reads them by name, whatever their order', async () => {
  answer = {
    status: 200,
    body: {
      metadata: { feature_names: ['driver_id', 'city', 'who__name', 'stats__rate'] },
      results: [
        column([1001, 1002]),
        column(['Wien', 'Graz']),
        column(['Anna', null], ['PRESENT', 'NOT_FOUND']),
        column([0.5, 0.7], ['PRESENT', 'OUTSIDE_MAX_AGE']),
      ],
    },
  }
  expect(await ask()).toEqual([
    [0.5, 'Anna'],
    [null, null],
  ])
  expect(asked.url).toBe('/base/get-online-features')
  expect(asked.headers).toMatchObject({ authorization: 'Bearer secret', 'content-type': 'application/json' })
  expect(asked.body).toEqual({
    features: ['stats:rate', 'who:name'],
    entities: { driver_id: [1001, 1002], city: ['Wien', 'Graz'] },
    full_feature_names: true,
  })
})

test('reads what feast serve 0.67 sends: by the order of its own, and null where the status is PRESENT', async () => {
  const event_timestamps = ['2026-11-23T00:40:34Z', '2026-11-23T00:40:34Z']
  answer = {
    status: 200,
    body: {
      results: [
        { ...column([1001, 1002]), event_timestamps },
        { ...column(['Wien', null], ['PRESENT', 'NOT_FOUND']), event_timestamps },
        { ...column([null, 0.5]), event_timestamps },
      ],
      metadata: { feature_names: ['driver_id', 'who__name', 'stats__rate'] },
    },
  }
  expect(await ask()).toEqual([
    [null, 'Wien'],
    [0.5, null],
  ])
})

describe('an answer that is none rejects', () => {
  test.each([
    ['an error', 500, { detail: 'no' }, 'Feast answered 500'],
    [
      'rows in place of columns',
      200,
      { metadata: { feature_names: ['stats__rate', 'who__name'] }, results: [column([1])] },
      'no 2 values of stats:rate',
    ],
    [
      'a feature that is not there',
      200,
      { metadata: { feature_names: ['stats__rate'] }, results: [column([1, 2])] },
      'no 2 values of who:name',
    ],
    [
      'statuses that are missing',
      200,
      { metadata: { feature_names: ['stats__rate'] }, results: [column([1, 2], [])] },
      'no 2 values of stats:rate',
    ],
    ['another shape', 200, [], 'something else than features'],
  ])('%s', async (_, status, body, message) => {
    answer = { status, body }
    await expect(ask()).rejects.toThrow(message)
  })
})
