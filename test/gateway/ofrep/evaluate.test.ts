import { describe, expect, test } from 'vitest'
import { createFakeEndpoint } from '../../fixtures/fake-endpoint.ts'
import { createTestGateway, post } from '../../fixtures/gateway-app.ts'

const path = '/ofrep/v1/evaluate/flags/digits'
const flagged = () =>
  createFakeEndpoint({
    inputs: undefined,
    settings: {
      arms: [
        { kind: 'value', name: 'first', value: true, minShare: 0 },
        { kind: 'value', name: 'second', value: false, minShare: 0 },
      ],
    },
  })

describe('an evaluation', () => {
  test('is a decision in the words of the protocol', async () => {
    const endpoint = flagged()
    const { status, body } = await post(createTestGateway([endpoint]), path, {
      context: { targetingKey: 'user-1', nested: { a: 1 }, list: [1], plan: 'pro' },
    })
    expect(status).toBe(200)
    expect(body).toEqual({
      key: 'digits',
      value: true,
      variant: 'first',
      reason: 'SPLIT',
      metadata: {
        predictionId: expect.stringMatching(/^[\w-]{60,}$/),
        propensity: 0.5,
        policy: 'uniform',
        degraded: false,
      },
    })
    expect(endpoint.agent.settled).toEqual([{ arm: 'first', as: 'answered' }])
  })

  test('of an endpoint with models has the name of the arm for its value', async () => {
    const { body } = await post(createTestGateway(), path, { context: {} })
    expect(body).toMatchObject({ value: 'first', variant: 'first' })
  })

  test.each([
    ['no such flag', path.replace('digits', 'other'), { context: {} }, 404, 'FLAG_NOT_FOUND'],
    ['no context', path, {}, 400, 'INVALID_CONTEXT'],
    ['a context that is a list', path, { context: [] }, 400, 'INVALID_CONTEXT'],
    ['a targeting key that is a number', path, { context: { targetingKey: 7 } }, 400, 'INVALID_CONTEXT'],
    ['half a body', path, '{"context": {', 400, 'PARSE_ERROR'],
  ])('with %s fails in those words too', async (_what, at, body, status, errorCode) => {
    const answer = await post(createTestGateway([flagged()]), at, body)
    expect(answer.status).toBe(status)
    expect(answer.body).toEqual({
      key: at.slice(at.lastIndexOf('/') + 1),
      errorCode,
      errorDetails: expect.stringMatching(/./),
    })
  })
})
