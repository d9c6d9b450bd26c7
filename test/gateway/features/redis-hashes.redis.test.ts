import { Redis } from 'ioredis'
import pino from 'pino'
import { Registry } from 'prom-client'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { preprocess } from '../../../gateway/config/pipeline/preprocess-schema.ts'
import { features as featuresSchema } from '../../../gateway/config/features/features-schema.ts'
import { toFeatures } from '../../../gateway/config/features/to-features.ts'
import { toPreprocess } from '../../../gateway/config/pipeline/to-preprocess.ts'
import { createPipeline } from '../../../gateway/pipeline/pipeline.ts'
import { createFeatureMetrics } from '../../../gateway/telemetry/metrics/feature-metrics.ts'
import { wireFeatures, type WiredFeatures } from '../../../gateway/wiring/wire-features.ts'
import { tensorToJson } from '../../../model-workers/protocol/json.ts'
import { createFakeArm, createFakeEndpoint, labels } from '../../fixtures/fake-endpoint.ts'
import { createTestGateway, post } from '../../fixtures/gateway-app.ts'
import { startRedis, type RedisServer } from '../../support/start-redis.ts'
import { waitUntil } from '../../support/wait-until.ts'

let server: RedisServer
let redis: Redis
let wired: WiredFeatures
const registry = new Registry()

const config = () =>
  toFeatures(
    featuresSchema.parse({
      user: {
        redis: server.url,
        key: 'user:{user_id}',
        timeout: '200ms',
        values: {
          age: { type: 'number', default: 40 },
          active: { type: 'boolean', from: 'is_active' },
          country: { type: 'text', default: 'none' },
        },
      },
      pair: {
        redis: server.url,
        key: 'seen:{user_id}:{item}',
        timeout: '200ms',
        values: { seen: { type: 'number', default: 0 } },
      },
    }),
  )
const before = toPreprocess(
  preprocess.parse({
    tensors: {
      x: [{ columns: ['age', 'seen', 'active'], steps: [{ impute: 0 }] }],
      country: [{ columns: ['country'] }],
    },
  }),
)
const inputs = [
  { name: 'x', datatype: 'FP32', shape: [-1, 3] },
  { name: 'country', datatype: 'BYTES', shape: [-1] },
] as const

beforeAll(async () => {
  server = await startRedis()
  redis = new Redis(server.url)
  await redis.hset('user:anna', { age: '31', is_active: 'true', country: 'Österreich' })
  await redis.hset('user:bert', { age: 'old', is_active: '0' })
  await redis.hset('seen:anna:b', { seen: '3' })
  wired = wireFeatures(
    { name: 'digits', features: config() },
    {
      outbound: {},
      metrics: createFeatureMetrics(registry),
      logger: pino({ level: 'silent' }),
      monotonic: () => performance.now(),
    },
  )!
  const pipeline = createPipeline({ preprocess: before, features: config() })!
  // The connection is there once a key is known.
  await waitUntil(
    async () =>
      (await wired.enrich(pipeline.before!.parse({ user_id: 'anna', item: 'b' }))).report === undefined,
    { what: 'the connection to Redis' },
  )
  registry.resetMetrics()
})

afterAll(async () => {
  await wired.close()
  redis.disconnect()
  await server.stop()
})

test('a prediction is made with what Redis holds, and says what it does not', async () => {
  const seen: unknown[] = []
  const arm = createFakeArm('first', (tensors) => {
    seen.push(...tensors.map((tensor) => tensorToJson(tensor)))
    return labels([7])
  })
  const pipeline = createPipeline({ preprocess: before, features: config() })!
  const endpoint = { ...createFakeEndpoint({ arms: [arm], inputs }), pipeline, enrich: wired.enrich }
  const sent = { user_id: ['anna', 'anna', 'bert'], item: ['a', 'b', 'b'] }
  const { status, body } = await post(createTestGateway([endpoint]), '/predict', { inputs: sent })
  expect(status).toBe(200)
  expect(seen).toEqual([
    [
      [31, 0, 1],
      [31, 3, 1],
      [40, 0, 0],
    ],
    ['Österreich', 'Österreich', 'none'],
  ])
  expect(body).toMatchObject({ features: { missing: { age: 1, country: 1, seen: 2 }, unavailable: {} } })
  const metrics = await registry.metrics()
  expect(metrics).toContain('bandit_feature_lookups_total{endpoint="digits",source="user",outcome="found"} 2')
  expect(metrics).toContain(
    'bandit_feature_lookups_total{endpoint="digits",source="pair",outcome="unknown"} 2',
  )
  expect(metrics).toContain('bandit_features_missing_total{endpoint="digits",feature="seen"} 2')
  expect(metrics).toContain('bandit_feature_lookup_duration_seconds_count{endpoint="digits",source="user"} 1')
})

test('a key of something else is an entity of which nothing is known, and no fault of Redis, however often', async () => {
  await redis.set('user:list', 'no hash')
  const pipeline = createPipeline({ preprocess: before, features: config() })!
  const table = pipeline.before!.parse({ user_id: ['anna', 'list'], item: 'b' })
  for (let asked = 0; asked < 10; asked++) {
    const { report } = await wired.enrich(table)
    expect(report).toEqual({ missing: { age: 1, active: 1, country: 1, seen: 1 }, unavailable: {} })
  }
})

test('a Redis that is frozen costs a request its timeout and no more', async () => {
  const pipeline = createPipeline({ preprocess: before, features: config() })!
  const table = pipeline.before!.parse({ user_id: 'anna', item: 'b' })
  process.kill(server.pid, 'SIGSTOP')
  const startedAt = performance.now()
  const { report } = await wired.enrich(table)
  const took = performance.now() - startedAt
  process.kill(server.pid, 'SIGCONT')
  expect(report).toMatchObject({ unavailable: { user: 'timeout', pair: 'timeout' } })
  expect(took).toBeGreaterThan(190)
  expect(took).toBeLessThan(600)
  await waitUntil(async () => (await wired.enrich(table)).report === undefined, {
    what: 'Redis again',
  })
})
