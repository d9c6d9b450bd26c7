import { describe, expect, test } from 'vitest'
import { createFakeArm, createFakeEndpoint, labels, scores } from '../../fixtures/fake-endpoint.ts'
import { createTestGateway, get, post } from '../../fixtures/gateway-app.ts'

const inputs = { pixels: [[0, 1, 2, 3]] }

describe('an answer', () => {
  test('names its prediction, endpoint, arm, outputs and decision', async () => {
    const endpoint = createFakeEndpoint()
    const { status, body } = await post(createTestGateway([endpoint]), '/predict', { inputs })
    expect(status).toBe(200)
    expect(body).toEqual({
      prediction_id: expect.stringMatching(/^[\w-]{60,}$/),
      endpoint: 'digits',
      arm: 'first',
      outputs: { label: [7] },
      decision: { policy: 'uniform', propensity: 0.5, degraded: false },
    })
    expect(endpoint.agent.settled).toEqual([{ arm: 'first', as: 'answered' }])
  })

  test('comes from the endpoint in the path or in the body', async () => {
    const gateway = createTestGateway([createFakeEndpoint(), createFakeEndpoint({ name: 'spam' })])
    expect((await post(gateway, '/predict/spam', { inputs })).body).toMatchObject({ endpoint: 'spam' })
    expect((await post(gateway, '/predict', { inputs, endpoint: 'spam' })).body).toMatchObject({
      endpoint: 'spam',
    })
    expect((await post(gateway, '/predict/spam', { inputs, endpoint: 'spam' })).status).toBe(200)
  })

  test('reports the members of an ensemble', async () => {
    const arm = createFakeArm('committee')
    const members = [
      { model: 'a', status: 'answered', weight: 1 },
      { model: 'b', status: 'late', weight: 0 },
    ] as const
    arm.infer = () => Promise.resolve({ outputs: labels([1]), members })
    const { body } = await post(createTestGateway([createFakeEndpoint({ arms: [arm] })]), '/predict', {
      inputs,
    })
    expect(body).toMatchObject({ decision: { members } })
  })

  test('gives the arm the tensors that the inputs stand for', async () => {
    const arm = createFakeArm('first', (tensors) => {
      expect(tensors).toEqual([
        {
          name: 'pixels',
          datatype: 'FP32',
          shape: [2, 4],
          bytes: new Uint8Array(Float32Array.of(1, 2, 3, 4, 5, 6, 7, 8).buffer),
        },
      ])
      return labels([3, 4])
    })
    const gateway = createTestGateway([createFakeEndpoint({ arms: [arm] })])
    const nested = { pixels: [[1, 2, 3, 4], [5, 6, 7, 8]] } // prettier-ignore
    for (const pixels of [nested.pixels, [1, 2, 3, 4, 5, 6, 7, 8]]) {
      expect((await post(gateway, '/predict', { inputs: { pixels } })).body).toMatchObject({
        outputs: { label: [3, 4] },
      })
    }
  })

  test('keeps every digit of 64-bit integers, in and out, and takes long doubles beside them', async () => {
    const arm = createFakeArm('first', (tensors) =>
      tensors.map((tensor) => ({ ...tensor, name: `${tensor.name}!` })),
    )
    const specs = [
      { name: 'n', datatype: 'INT64', shape: [-1] },
      { name: 'x', datatype: 'FP64', shape: [-1] },
    ] as const
    const { app } = createTestGateway([createFakeEndpoint({ arms: [arm], inputs: specs })])
    const n = '[9007199254740993,-9223372036854775808,"9223372036854775807"]'
    const body = `{"inputs":{"n":${n},"x":[12345678901234567890,0.5,0]}}`
    const headers = { 'content-type': 'application/json' }
    const answer = await (await app.request('/predict', { method: 'POST', body, headers })).text()
    expect(answer).toContain('"n!":[9007199254740993,-9223372036854775808,9223372036854775807]')
    expect(answer).toContain('"x!":[12345678901234567000,0.5,0]')
  })
})

describe('failover', () => {
  test.each(['unreachable', 'timeout', 'overloaded', 'bad_output'] as const)(
    'an arm that is %s passes the request on, unlearned',
    async (fault) => {
      const arms = [createFakeArm('first', fault), createFakeArm('second')]
      const endpoint = createFakeEndpoint({ arms })
      const gateway = createTestGateway([endpoint])
      const { status, body } = await post(gateway, '/predict', { inputs })
      expect(status).toBe(200)
      expect(body).toMatchObject({ arm: 'second', decision: { propensity: 1, degraded: true } })
      expect(endpoint.agent.settled).toEqual([
        { arm: 'first', as: 'abandoned' },
        { arm: 'second', as: 'answered' },
      ])
      const metrics = await gateway.registry.metrics()
      expect(metrics).toContain(`bandit_arm_failures_total{endpoint="digits",arm="first",fault="${fault}"} 1`)
      expect(metrics).toContain(
        'bandit_decisions_total{endpoint="digits",arm="second",policy="uniform",reason="failover"} 1',
      )
    },
  )

  test.each([NaN, Infinity, -Infinity])('%s in an output is the fault of its arm', async (value) => {
    const arms = [createFakeArm('first', scores([0.5, value])), createFakeArm('second', scores([0.25]))]
    const endpoint = createFakeEndpoint({ arms })
    const { body } = await post(createTestGateway([endpoint]), '/predict', { inputs })
    expect(body).toMatchObject({ arm: 'second', outputs: { scores: [0.25] } })
    expect(endpoint.agent.settled[0]).toEqual({ arm: 'first', as: 'abandoned' })
  })

  test('an arm that is known to be down is not asked', async () => {
    const arms = [createFakeArm('first'), createFakeArm('second')]
    arms[0]!.isUp = false
    const { body } = await post(createTestGateway([createFakeEndpoint({ arms })]), '/predict', { inputs })
    expect(body).toMatchObject({ arm: 'second', decision: { propensity: 1, degraded: false } })
    expect(arms[0]!.calls).toBe(0)
  })

  test('arms that rest are asked again where more than half are out, and left alone where fewer are', async () => {
    const ask = async (out: readonly number[]) => {
      const arms = ['first', 'second', 'third'].map((name) => createFakeArm(name))
      for (const index of out) Object.assign(arms[index]!, { isUp: false, rests: true })
      const { status } = await post(createTestGateway([createFakeEndpoint({ arms })]), '/predict', { inputs })
      return { status, rest: arms.filter(({ rests }) => rests).length }
    }
    expect(await ask([0])).toEqual({ status: 200, rest: 1 })
    expect(await ask([0, 1])).toEqual({ status: 200, rest: 0 })
    expect(await ask([0, 1, 2])).toEqual({ status: 200, rest: 0 })
  })

  test('refused inputs are the caller’s fault: no other arm is asked, nothing is counted', async () => {
    const arms = [createFakeArm('first', 'rejected'), createFakeArm('second')]
    const endpoint = createFakeEndpoint({ arms })
    const { status, body } = await post(createTestGateway([endpoint]), '/predict', { inputs })
    expect(status).toBe(422)
    expect(body).toMatchObject({ code: 'model_rejected_inputs', pointer: '/inputs' })
    expect(JSON.stringify(body)).not.toContain('/srv')
    expect(arms[1]!.calls).toBe(0)
    expect(endpoint.agent.settled).toEqual([{ arm: 'first', as: 'abandoned' }])
  })

  test.each([
    [['unreachable', 'timeout'], 503, 'no_arm_available'],
    [['overloaded', 'unreachable'], 503, 'no_arm_available'],
    [['overloaded', 'overloaded'], 503, 'overloaded'],
  ] as const)('%j on both arms is %i %s', async ([first, second], expected, code) => {
    const arms = [createFakeArm('first', first), createFakeArm('second', second)]
    const endpoint = createFakeEndpoint({ arms })
    const { status, body, headers } = await post(createTestGateway([endpoint]), '/predict', { inputs })
    expect(status).toBe(expected)
    expect(body['code']).toBe(code)
    expect(headers.get('retry-after')).toBe('1')
    expect(endpoint.agent.settled.map(({ as }) => as)).toEqual(['abandoned', 'abandoned'])
  })

  test('with every arm down there is nothing to try', async () => {
    const arm = createFakeArm('only')
    arm.isUp = false
    const { status, body } = await post(
      createTestGateway([createFakeEndpoint({ arms: [arm] })]),
      '/predict',
      { inputs },
    )
    expect([status, body['code'], arm.calls]).toEqual([503, 'no_arm_available', 0])
  })

  test('after the deadline no further arm is asked', async () => {
    let now = 0
    const arms = [createFakeArm('first', 'timeout'), createFakeArm('second')]
    arms[0]!.onCall = () => (now = 300)
    const endpoint = createFakeEndpoint({ arms, settings: { deadlineMs: 300 } })
    const { status, body } = await post(createTestGateway([endpoint], { monotonic: () => now }), '/predict', {
      inputs,
    })
    expect([status, body['code'], arms[1]!.calls]).toEqual([504, 'deadline_exceeded', 0])
  })

  test('arms are told the deadline that counts from the arrival of the request', async () => {
    const arm = createFakeArm('first')
    const deadlines: number[] = []
    arm.infer = (_inputs, deadlineAt) => {
      deadlines.push(deadlineAt)
      return Promise.resolve({ outputs: labels([1]) })
    }
    const endpoint = createFakeEndpoint({ arms: [arm], settings: { deadlineMs: 250 } })
    await post(createTestGateway([endpoint], { monotonic: () => 40 }), '/predict', { inputs })
    expect(deadlines).toEqual([290])
  })

  test('a fault that nobody foresaw is a 500 without its words, and leaves nothing in flight', async () => {
    const arms = [createFakeArm('first', new Error('boom at /srv/models')), createFakeArm('second')]
    const endpoint = createFakeEndpoint({ arms })
    const gateway = createTestGateway([endpoint])
    const { status, body } = await post(gateway, '/predict', { inputs })
    expect([status, body['code']]).toEqual([500, 'internal'])
    expect(JSON.stringify(body)).not.toContain('boom')
    expect(endpoint.agent.settled).toEqual([{ arm: 'first', as: 'abandoned' }])
    expect(gateway.log.find(({ level }) => level === 50)).toMatchObject({
      request_id: body['request_id'],
      err: { message: 'boom at /srv/models' },
    })
  })

  test('an endpoint whose models have never come up is not ready', async () => {
    const gateway = createTestGateway([createFakeEndpoint({ inputs: undefined })])
    const { status, body, headers } = await post(gateway, '/predict', { inputs })
    expect([status, body['code'], headers.get('retry-after')]).toEqual([503, 'not_ready', '1'])
  })

  test('a client that left is neither answered nor counted', async () => {
    const leave = new AbortController()
    const arms = [createFakeArm('first'), createFakeArm('second')]
    arms[0]!.onCall = () => leave.abort()
    const endpoint = createFakeEndpoint({ arms })
    const { app } = createTestGateway([endpoint])
    const response = await app.request('/predict', {
      method: 'POST',
      body: JSON.stringify({ inputs }),
      headers: { 'content-type': 'application/json' },
      signal: leave.signal,
    })
    expect(response.status).toBe(499)
    expect(endpoint.agent.settled).toEqual([{ arm: 'first', as: 'abandoned' }])
  })
})

test('the metrics page shows decisions and what was learned', async () => {
  const gateway = createTestGateway()
  await post(gateway, '/predict', { inputs })
  const text = await (await gateway.app.request('/metrics')).text()
  expect(text).toContain(
    'bandit_decisions_total{endpoint="digits",arm="first",policy="uniform",reason="policy"} 1',
  )
  expect(text).toContain('bandit_arm_posterior_mean{endpoint="digits",arm="second"} 0.5')
  expect((await get(gateway, '/livez')).status).toBe(200)
})
