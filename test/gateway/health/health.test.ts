import { describe, expect, test } from 'vitest'
import { createFakeArm, createFakeEndpoint } from '../../fixtures/fake-endpoint.ts'
import { createTestGateway, get } from '../../fixtures/gateway-app.ts'
import { expectProblem } from '../../fixtures/problem.ts'

describe('readiness', () => {
  test('takes one arm of every endpoint', async () => {
    const arms = [createFakeArm('first'), createFakeArm('second')]
    const gateway = createTestGateway([createFakeEndpoint({ arms }), createFakeEndpoint({ name: 'spam' })])
    arms[0]!.isUp = false
    expect((await get(gateway, '/readyz')).body).toEqual({
      status: 'ready',
      available: { digits: ['second'], spam: ['first', 'second'] },
    })
    arms[1]!.isUp = false
    const answer = await get(gateway, '/readyz')
    expectProblem(answer, 'not_ready')
    expect(answer.body['detail']).toContain('digits')
    expect(answer.body['detail']).not.toContain('spam')
    arms[0]!.isUp = true
    expect((await get(gateway, '/readyz')).status).toBe(200)
  })

  test('does not ask for the store', async () => {
    const endpoint = createFakeEndpoint()
    endpoint.store.isAway = true
    expect((await get(createTestGateway([endpoint]), '/readyz')).status).toBe(200)
  })

  test('ends when the gateway is told to stop', async () => {
    let stopping = false
    const gateway = createTestGateway(undefined, { isStopping: () => stopping })
    expect((await get(gateway, '/readyz')).status).toBe(200)
    stopping = true
    expectProblem(await get(gateway, '/readyz'), 'not_ready')
  })
})

test('the gateway is alive whatever else is not', async () => {
  const arm = createFakeArm('first')
  arm.isUp = false
  const gateway = createTestGateway([createFakeEndpoint({ arms: [arm] })], { isStopping: () => true })
  const { status, body } = await get(gateway, '/livez')
  expect([status, body]).toEqual([200, { status: 'alive' }])
})

test('HEAD is answered as GET is, without the body', async () => {
  const { app } = createTestGateway()
  for (const path of ['/livez', '/readyz', '/metrics', '/endpoints']) {
    const response = await app.request(path, { method: 'HEAD' })
    expect([response.status, await response.text()]).toEqual([200, ''])
  }
})
