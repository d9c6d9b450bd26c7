import { describe, expect, test } from 'vitest'
import { createFakeArm, createFakeEndpoint } from '../../fixtures/fake-endpoint.ts'
import { createTestGateway, get, post, put } from '../../fixtures/gateway-app.ts'
import { expectProblem } from '../../fixtures/problem.ts'

const inputs = { pixels: [[0, 1, 2, 3]] }
const first = '/endpoints/digits/arms/first'

describe('PUT /endpoints/{endpoint}/arms/{arm}', () => {
  test('answers with the arm as GET shows it', async () => {
    const gateway = createTestGateway()
    const { status, body } = await put(gateway, first, { state: 'paused', min_share: 0.2, max_share: 0.7 })
    expect(status).toBe(200)
    expect(body).toMatchObject({ name: 'first', state: 'paused', min_share: 0.2, max_share: 0.7, pulls: 9 })
    const shown = await get(gateway, '/endpoints/digits')
    expect((shown.body as { arms: unknown[] }).arms[0]).toEqual(body)
    expect((await put(gateway, first, { state: 'active', min_share: null })).body).toMatchObject({
      state: 'active',
      min_share: 0,
      max_share: 0.7,
    })
  })

  test('a paused arm gets no request, not even when every other fails', async () => {
    const arms = [createFakeArm('first'), createFakeArm('second', 'unreachable')]
    const gateway = createTestGateway([createFakeEndpoint({ arms })])
    await put(gateway, first, { state: 'paused' })
    expectProblem(await post(gateway, '/predict/digits', { inputs }), 'no_arm_available')
    expect(arms.map(({ calls }) => calls)).toEqual([0, 1])
  })

  test('with every arm paused the answer says so, and how to end it', async () => {
    const gateway = createTestGateway()
    for (const arm of ['first', 'second']) {
      await put(gateway, `/endpoints/digits/arms/${arm}`, { state: 'paused' })
    }
    const answer = await post(gateway, '/predict/digits', { inputs })
    expectProblem(answer, 'no_arm_available')
    expect(answer.body['detail']).toContain(
      'every arm is paused: resume one with PUT /endpoints/digits/arms/',
    )
    await put(gateway, first, { state: 'active' })
    expect(await post(gateway, '/predict/digits', { inputs })).toMatchObject({
      status: 200,
      body: { arm: 'first', decision: { propensity: 1 } },
    })
  })

  test.each([
    [{}, 'missing_field', ''],
    [{ state: 'off' }, 'invalid_field', '/state'],
    [{ min_share: 1.1 }, 'invalid_field', '/min_share'],
    [{ max_share: 'half' }, 'invalid_field', '/max_share'],
    [{ paused: true }, 'unknown_field', '/paused'],
    [[], 'invalid_field', ''],
    [{ min_share: 0.5, max_share: 0.4 }, 'shares_conflict', '/min_share'],
  ] as const)('%j is refused', async (change, code, pointer) => {
    const endpoint = createFakeEndpoint()
    expectProblem(await put(createTestGateway([endpoint]), first, change), code, pointer)
    expect(endpoint.told).toEqual([])
  })

  test('of what is not there is unknown', async () => {
    const gateway = createTestGateway()
    const pause = { state: 'paused' }
    expectProblem(await put(gateway, '/endpoints/spam/arms/first', pause), 'unknown_endpoint')
    for (const arm of ['third', 'constructor', '__proto__']) {
      expectProblem(await put(gateway, `/endpoints/digits/arms/${arm}`, pause), 'unknown_arm')
    }
  })

  test('changes nothing with the store away, and says when to try again', async () => {
    const endpoint = createFakeEndpoint()
    endpoint.store.isAway = true
    const gateway = createTestGateway([endpoint])
    const answer = await put(gateway, first, { state: 'paused' })
    expectProblem(answer, 'store_unavailable')
    expect(answer.headers.get('retry-after')).toBe('1')
    expect((await post(gateway, '/predict', { inputs })).body).toMatchObject({ arm: 'first' })
  })

  test('shows in the metrics', async () => {
    const gateway = createTestGateway()
    await put(gateway, first, { state: 'paused' })
    const text = await (await gateway.app.request('/metrics')).text()
    expect(text).toContain('bandit_arm_state{endpoint="digits",arm="first",state="paused"} 1')
    expect(text).toContain('bandit_arm_state{endpoint="digits",arm="first",state="active"} 0')
    expect(text).toContain('bandit_arm_state{endpoint="digits",arm="second",state="active"} 1')
  })
})
