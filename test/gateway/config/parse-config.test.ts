import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { soundConfig } from '../../fixtures/sound-config.ts'

const file = '/etc/bandit/bandit.yaml'
const smallest = 'models: { a: { onnx: ./a.onnx } }\nendpoints: { e: { arms: { one: { model: a } } } }\n'

const config = (text: string) => soundConfig(text, file)

describe('a sound configuration', () => {
  test('is filled in where it says nothing', () => {
    expect(config(smallest)).toEqual({
      listen: { host: '127.0.0.1', port: 8080 },
      store: 'sqlite:/etc/bandit/var/bandit.db',
      journal: { path: '/etc/bandit/var/journal.db', maxBytes: 1024 ** 3, keepMs: 600_000 },
      journalWaitMs: 3_600_000,
      checkpoint: { everyMs: 60_000, keep: 5 },
      remotes: [],
      models: [
        {
          name: 'a',
          onnx: '/etc/bandit/a.onnx',
          reload: true,
          isCopied: true,
          replicas: 1,
          memory: { factor: 1.5 },
          maxBatch: 64,
          queue: 128,
          deadlineMs: undefined,
        },
      ],
      endpoints: [
        {
          name: 'e',
          arms: [{ kind: 'model', name: 'one', model: 'a', minShare: 0 }],
          policy: { name: 'thompson', halfLifeMs: undefined, prior: { alpha: 1, beta: 1 } },
          reward: {
            from: 'reward',
            output: 'label',
            windowMs: 3_600_000,
            default: undefined,
            combine: 'first',
            delay: 'arrival',
            corrections: false,
            stalledAfterMs: 300_000,
            retentionMs: 3_600_000,
          },
          ledger: 'signed',
          queue: 128,
          deadlineMs: 1000,
        },
      ],
      outbound: {},
      maxConnections: 2048,
      stop: { drainMs: 0 },
      overload: { loopDelayMs: 100, utilisation: 1, residentBytes: undefined },
      limits: {
        predictBody: 1_048_576,
        feedbackBody: 65_536,
        feedbackBatchBody: 1_048_576,
        feedbackBatchLines: 1000,
      },
      events: { source: 'bandit-gateway', webhooks: [] },
      log: { level: 'info', accessSample: 0 },
      modelsPollMs: 1000,
      workers: { fenced: true },
      telemetry: { otlp: undefined, sample: 0.05, decisions: false, exemplars: false },
    })
  })

  test('of the example is taken whole', () => {
    const text = readFileSync(new URL('../../../examples/digits/bandit.yaml', import.meta.url), 'utf8')
    const { endpoints, models } = config(text)
    expect(models).toHaveLength(6)
    expect(endpoints[0]).toMatchObject({
      name: 'digits',
      ledger: 'stored',
      policy: { name: 'thompson', halfLifeMs: 6000 },
      reward: { from: 'label', windowMs: 600_000 },
    })
    expect(endpoints[0]!.arms.at(-1)).toEqual({
      kind: 'ensemble',
      byPosterior: false,
      name: 'committee',
      members: ['logistic', 'forest', 'network'].map((model) => ({ model, weight: 1 })),
      combine: 'mean',
      quorum: 2,
      deadlineMs: 50,
      argmax: { output: 'label', over: 'probabilities' },
      minShare: 0.01,
    })
  })

  test('keeps what it says', () => {
    const said = config(`
listen: '[::1]:0'
store: 'sqlite::memory:'
models:
  a: { onnx: /models/a.onnx, replicas: 2, max_batch: 8, queue: 3, deadline: 20ms }
  b: { onnx: b.onnx }
endpoints:
  e:
    arms:
      one: { model: a, min_share: 0.2 }
      both: { ensemble: [a, b], combine: majority, weights: { b: 2.5 } }
    policy: { name: ucb1, half_life: 2d, min_share: 0.1, prior: { alpha: 2, beta: 3 } }
    reward: { window: 30d, default: 0.5, combine: last }
    ledger: stored
    deadline: 5m
limits: { predict_body: 2MiB, feedback_body: 2048B, feedback_batch_body: 3KiB, feedback_batch_lines: 5 }
log: { level: debug }
`)
    expect(said.listen).toEqual({ host: '::1', port: 0 })
    expect(said.store).toBe('sqlite::memory:')
    expect(said.models[0]).toEqual({
      name: 'a',
      onnx: '/models/a.onnx',
      reload: true,
      isCopied: true,
      replicas: 2,
      memory: { factor: 1.5 },
      maxBatch: 8,
      queue: 3,
      deadlineMs: 20,
    })
    const [endpoint] = said.endpoints
    expect(endpoint!.arms.map(({ minShare }) => minShare)).toEqual([0.2, 0.1])
    expect(endpoint!.arms[1]).toMatchObject({
      quorum: 2,
      members: [
        { model: 'a', weight: 1 },
        { model: 'b', weight: 2.5 },
      ],
    })
    expect(endpoint).toMatchObject({
      policy: { name: 'ucb1', halfLifeMs: 172_800_000, prior: { alpha: 2, beta: 3 } },
      reward: { windowMs: 2_592_000_000, default: 0.5, combine: 'last' },
      ledger: 'stored',
      deadlineMs: 300_000,
    })
    expect(said.limits).toEqual({
      predictBody: 2_097_152,
      feedbackBody: 2048,
      feedbackBatchBody: 3072,
      feedbackBatchLines: 5,
    })
    expect(said.log.level).toBe('debug')
  })

  test('cannot be changed, however deep', () => {
    const frozen = config(smallest)
    expect(() => Object.assign(frozen.endpoints[0]!.policy.prior, { alpha: 9 })).toThrow(TypeError)
    expect(() => (frozen.endpoints as unknown[]).push(1)).toThrow(TypeError)
  })

  test.each([
    ['redis://cache:6379/2', 'redis://cache:6379/2'],
    ['rediss://user@cache', 'rediss://user@cache'],
    ['sqlite:../up.db', 'sqlite:/etc/up.db'],
    ['sqlite:///abs.db', 'sqlite:/abs.db'],
  ])('takes the store %s', (store, expected) => {
    expect(config(`store: ${store}\n${smallest}`).store).toBe(expected)
  })
})
