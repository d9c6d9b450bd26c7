import { expect, test } from 'vitest'
import { createFakeEndpoint } from '../../fixtures/fake-endpoint.ts'
import { createTestGateway, post } from '../../fixtures/gateway-app.ts'
import { expectProblem } from '../../fixtures/problem.ts'

test('a prediction that was never shown is taken back', async () => {
  const gateway = createTestGateway([createFakeEndpoint()])
  gateway.learner.answer = () => ({ status: 'void', endpoint: 'digits', arm: 'first' })
  const answer = await post(gateway, '/feedback', { prediction_id: 'p', void: true })
  expect(answer).toMatchObject({ status: 200, body: { status: 'void', endpoint: 'digits', arm: 'first' } })
  expect(gateway.learner.learned).toEqual([{ predictionId: 'p', void: true, eventId: '' }])
})

test.each([
  [{ void: false }, '/void'],
  [{ void: 'yes' }, '/void'],
  [{ void: true, reward: 1 }, '/reward'],
  [{ void: true, label: 7 }, '/label'],
])('%o is refused', async (fields, pointer) => {
  const gateway = createTestGateway([createFakeEndpoint()])
  const answer = await post(gateway, '/feedback', { prediction_id: 'p', ...fields })
  expectProblem(answer, 'invalid_field', pointer)
  expect(gateway.learner.learned).toEqual([])
})
