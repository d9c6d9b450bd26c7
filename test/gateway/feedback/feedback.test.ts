import { describe, expect, test } from 'vitest'
import { StoreUnavailable, type FeedbackOutcome } from '../../../bandit/index.ts'
import type { ErrorCode } from '../../../gateway/errors.ts'
import { createTestGateway, post } from '../../fixtures/gateway-app.ts'
import { expectProblem } from '../../fixtures/problem.ts'

const prediction_id = 'an id that the learner judges'
const known = { endpoint: 'digits', arm: 'first' }

describe('what the learner is given', () => {
  test.each([
    [
      { prediction_id, reward: 0 },
      { predictionId: prediction_id, reward: 0, eventId: '' },
    ],
    [
      { prediction_id, reward: 1, event_id: 'click-1' },
      { predictionId: prediction_id, reward: 1, eventId: 'click-1' },
    ],
    [
      { prediction_id, label: 7 },
      { predictionId: prediction_id, label: 7, eventId: '' },
    ],
    [
      { prediction_id, label: 'cat' },
      { predictionId: prediction_id, label: 'cat', eventId: '' },
    ],
    [
      { prediction_id, label: false },
      { predictionId: prediction_id, label: false, eventId: '' },
    ],
    [
      { prediction_id, label: [7, 'x', true] },
      { predictionId: prediction_id, label: [7, 'x', true], eventId: '' },
    ],
    [
      { endpoint: 'digits', id: 'order-9', reward: 0.5 },
      { callerId: { endpoint: 'digits', id: 'order-9' }, reward: 0.5, eventId: '' },
    ],
    [
      { prediction_id, reward: 1, at: '1970-01-01T01:16:40+01:00' },
      { predictionId: prediction_id, reward: 1, eventId: '', at: 1_000_000 },
    ],
    [
      { prediction_id, reward: 1, at: '1970-01-01T00:16:45Z' },
      { predictionId: prediction_id, reward: 1, eventId: '', at: 1_005_000 },
    ],
  ])('%j', async (body, expected) => {
    const gateway = createTestGateway()
    expect((await post(gateway, '/feedback', body)).status).toBe(200)
    expect(gateway.learner.learned).toEqual([expected])
  })
})

describe('what is refused before the learner hears of it', () => {
  test.each<[string, unknown, ErrorCode, string]>([
    ['no prediction', { reward: 1 }, 'missing_field', ''],
    ['a numeric prediction id', { prediction_id: 7, reward: 1 }, 'invalid_field', '/prediction_id'],
    ['a null prediction id', { prediction_id: null, reward: 1 }, 'invalid_field', '/prediction_id'],
    ['an id without its endpoint', { id: 'order-9', reward: 1 }, 'missing_field', ''],
    ['an endpoint without an id', { endpoint: 'digits', reward: 1 }, 'missing_field', ''],
    ['both ids', { prediction_id, endpoint: 'digits', id: 'x', reward: 1 }, 'invalid_field', '/endpoint'],
    ['both ids, without endpoint', { prediction_id, id: 'x', reward: 1 }, 'invalid_field', '/id'],
    ['an id that is no text', { endpoint: 'digits', id: 9, reward: 1 }, 'invalid_field', '/id'],
    ['a long id', { endpoint: 'digits', id: 'x'.repeat(129), reward: 1 }, 'invalid_field', '/id'],
    ['an endpoint that is no text', { endpoint: {}, id: 'x', reward: 1 }, 'invalid_field', '/endpoint'],
    ['neither reward nor label', { prediction_id }, 'missing_field', ''],
    ['reward and label', { prediction_id, reward: 1, label: 1 }, 'invalid_field', '/label'],
    ['a reward as text', { prediction_id, reward: '1' }, 'invalid_field', '/reward'],
    ['a reward of null', { prediction_id, reward: null }, 'invalid_field', '/reward'],
    ['a reward of true', { prediction_id, reward: true }, 'invalid_field', '/reward'],
    ['a list of rewards', { prediction_id, reward: [1] }, 'invalid_field', '/reward'],
    ['a label of null', { prediction_id, label: null }, 'invalid_field', '/label'],
    ['a label object', { prediction_id, label: {} }, 'invalid_field', '/label'],
    ['no labels', { prediction_id, label: [] }, 'invalid_field', '/label'],
    ['an odd label', { prediction_id, label: [1, [2]] }, 'invalid_field', '/label/1'],
    ['a long label', { prediction_id, label: 'x'.repeat(257) }, 'invalid_field', '/label'],
    ['a numeric event id', { prediction_id, reward: 1, event_id: 1 }, 'invalid_field', '/event_id'],
    ['an empty event id', { prediction_id, reward: 1, event_id: '' }, 'invalid_field', '/event_id'],
    [
      'a long event id',
      { prediction_id, reward: 1, event_id: 'x'.repeat(129) },
      'invalid_field',
      '/event_id',
    ],
    ['a numeric time', { prediction_id, reward: 1, at: 1_000_000 }, 'invalid_field', '/at'],
    [
      'a time without offset',
      { prediction_id, reward: 1, at: '1970-01-01T00:00:00' },
      'invalid_field',
      '/at',
    ],
    ['a day', { prediction_id, reward: 1, at: '1970-01-01' }, 'invalid_field', '/at'],
    [
      'the 30th of February',
      { prediction_id, reward: 1, at: '1970-02-30T00:00:00Z' },
      'invalid_field',
      '/at',
    ],
    ['a time to come', { prediction_id, reward: 1, at: '1970-01-01T00:16:45.001Z' }, 'invalid_field', '/at'],
    ['an unknown field', { prediction_id, reward: 1, arm: 'first' }, 'unknown_field', '/arm'],
    ['constructor', { prediction_id, reward: 1, constructor: 1 }, 'unknown_field', '/constructor'],
    ['a number', 7, 'invalid_field', ''],
    ['null', 'null', 'invalid_field', ''],
    ['1e400', '{"prediction_id":"x","reward":1e400}', 'invalid_field', '/reward'],
    ['a label of 1e400', '{"prediction_id":"x","label":1e400}', 'invalid_field', '/label'],
    [
      'a label too long for a number',
      '{"prediction_id":"x","label":9007199254740993}',
      'invalid_field',
      '/label',
    ],
    ['__proto__', '{"prediction_id":"x","reward":1,"__proto__":{}}', 'unknown_field', '/__proto__'],
  ])('%s', async (_what, body, code, pointer) => {
    const gateway = createTestGateway()
    expectProblem(await post(gateway, '/feedback', body), code, pointer)
    expect(gateway.learner.learned).toEqual([])
  })

  test.each(['', '{', '{"reward": NaN}', '[1,'])('%j is malformed', async (body) => {
    expectProblem(await post(createTestGateway(), '/feedback', body), 'malformed_json')
  })

  test('a body that is nested too deeply, or has too many keys', async () => {
    const gateway = createTestGateway()
    expectProblem(await post(gateway, '/feedback', '['.repeat(40)), 'too_deep')
    const keys = Array.from({ length: 201 }, (_, i) => `"${i}":0`).join()
    expectProblem(await post(gateway, '/feedback', `{${keys}}`), 'too_many_keys')
  })
})

describe('one feedback is answered with what became of it', () => {
  test.each([
    [{ ...known, status: 'applied', reward: 1 }],
    [{ ...known, status: 'duplicate', reward: 0.25 }],
    [{ ...known, status: 'corrected', reward: 0 }],
  ] as const)('%j', async (outcome) => {
    const gateway = createTestGateway()
    gateway.learner.answer = () => ({ ...outcome, delayMs: 1500, detail: 'not for the client' })
    const { status, body } = await post(gateway, '/feedback', { prediction_id, reward: 1 })
    expect([status, body]).toEqual([200, outcome])
  })

  test.each([
    ['unknown', 'unknown_prediction'],
    ['late', 'late_feedback'],
    ['forged', 'forged_prediction_id'],
    ['invalid', 'invalid_feedback'],
  ] as const)('%s is the problem %s', async (status, code) => {
    const gateway = createTestGateway()
    gateway.learner.answer = () => ({ status, detail: 'why, and how to mend it' })
    const answer = await post(gateway, '/feedback', { prediction_id, reward: 1 })
    expectProblem(answer, code)
    expect(answer.body['detail']).toBe('why, and how to mend it')
  })

  test('a store that is away is a 503 to come back from', async () => {
    const gateway = createTestGateway()
    gateway.learner.answer = () => {
      throw new StoreUnavailable('connect ECONNREFUSED redis://10.0.0.1')
    }
    const answer = await post(gateway, '/feedback', { prediction_id, reward: 1 })
    expectProblem(answer, 'store_unavailable')
    expect(answer.headers.get('retry-after')).toBe('1')
  })

  test('a fault that nobody foresaw is logged and not told', async () => {
    const gateway = createTestGateway()
    gateway.learner.answer = () => {
      throw new TypeError('undefined is not /srv/redis')
    }
    expectProblem(await post(gateway, '/feedback', { prediction_id, reward: 1 }), 'internal')
    expect(gateway.log.find(({ level }) => level === 50)).toMatchObject({
      err: { message: expect.stringContaining('undefined is not /srv/redis') },
    })
  })
})

test('every feedback is counted, with its reward and delay when it was applied', async () => {
  const gateway = createTestGateway()
  const outcomes: FeedbackOutcome[] = [
    { ...known, status: 'applied', reward: 0.25, delayMs: 2000 },
    { ...known, status: 'applied', reward: 0.5, delayMs: 70_000 },
    { ...known, status: 'duplicate', reward: 0.5, delayMs: 71_000 },
    { status: 'forged' },
  ]
  gateway.learner.answer = () => outcomes.shift()!
  for (const _ of [1, 2, 3, 4]) await post(gateway, '/feedback', { prediction_id, reward: 1 })
  await post(gateway, '/feedback', { prediction_id, reward: 'x' })
  const text = await gateway.registry.metrics()
  for (const line of [
    'bandit_feedback_total{endpoint="digits",arm="first",outcome="applied"} 2',
    'bandit_feedback_total{endpoint="digits",arm="first",outcome="duplicate"} 1',
    'bandit_feedback_total{endpoint="unknown",arm="unknown",outcome="forged"} 1',
    'bandit_feedback_total{endpoint="unknown",arm="unknown",outcome="invalid"} 1',
    'bandit_reward_gain_total{endpoint="digits",arm="first"} 0.75',
    'bandit_reward_observations_total{endpoint="digits",arm="first"} 2',
    'bandit_feedback_delay_seconds_bucket{le="5",endpoint="digits"} 1',
    'bandit_feedback_delay_seconds_sum{endpoint="digits"} 143',
  ]) {
    expect(text).toContain(`${line}\n`)
  }
})

test('a body that breaks off teaches nothing', async () => {
  const gateway = createTestGateway()
  const learned: unknown[] = []
  gateway.learner.answer = (feedback) => {
    learned.push(feedback)
    return { status: 'applied' }
  }
  const whole = JSON.stringify([{ prediction_id: 'a', reward: 1 }])
  const body = new ReadableStream<Uint8Array>({
    start: (controller) => controller.enqueue(Buffer.from(whole.slice(0, -1))),
    pull: (controller) => controller.error(new Error('socket hang up')),
  })
  const init = {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body,
    duplex: 'half' as const,
  }
  const response = await gateway.app.request('/feedback', init)
  expect([response.status, learned]).toEqual([400, []])
})
