import { expect, test } from 'vitest'
import { UpstreamError, type UpstreamFault } from '../../../gateway/upstream/errors.ts'
import type { Tensor } from '../../../model-workers/protocol/types.ts'
import { createFakeArm, createFakeEndpoint, labels } from '../../fixtures/fake-endpoint.ts'
import { createTestGateway, get, post } from '../../fixtures/gateway-app.ts'

/** An endpoint whose models before the arms do `run`. */
function serve(run: (tensors: readonly Tensor[]) => readonly Tensor[]) {
  const seen: string[] = []
  const arm = createFakeArm('first', (inputs) => {
    seen.push(...inputs.map(({ name }) => name))
    return labels([7])
  })
  let isUp = true
  const steps = { available: () => isUp, run: async (tensors: readonly Tensor[]) => run(tensors) }
  const endpoint = { ...createFakeEndpoint({ arms: [arm] }), steps }
  return { endpoint, seen, gateway: createTestGateway([endpoint]), down: () => (isUp = false) }
}

const body = { inputs: { pixels: [[0, 1, 2, 3]] } }

test('the arm gets what the models before it have made', async () => {
  const { gateway, seen } = serve((tensors) => tensors.map((tensor) => ({ ...tensor, name: 'scaled' })))
  expect((await post(gateway, '/predict/digits', body)).status).toBe(200)
  expect(seen).toEqual(['scaled'])
})

test.each([
  ['unreachable', 'preprocess_failed', 503],
  ['bad_output', 'broken_answer', 502],
  ['overloaded', 'overloaded', 503],
  ['timeout', 'deadline_exceeded', 504],
  ['rejected', 'model_rejected_inputs', 422],
] satisfies [UpstreamFault, string, number][])(
  'one that is %s is no fault of an arm: %s',
  async (fault, code, status) => {
    const { gateway, endpoint, seen } = serve(() => {
      throw new UpstreamError(fault, 'scaler', 'scaler: /srv/models/scaler.onnx')
    })
    const answer = await post(gateway, '/predict/digits', body)
    expect(answer).toMatchObject({ status, body: { code } })
    expect(JSON.stringify(answer.body)).not.toContain('/srv')
    if (status === 503) expect(answer.headers.get('retry-after')).toBe('1')
    expect(seen).toEqual([])
    expect(endpoint.agent.decided).toEqual([])
  },
)

test('what was answered under an id is told again without asking them', async () => {
  let calls = 0
  const { gateway } = serve((tensors) => {
    calls += 1
    return tensors
  })
  const first = await post(gateway, '/predict/digits', { ...body, id: 'order-9' })
  const again = await post(gateway, '/predict/digits', { ...body, id: 'order-9' })
  expect(again.body).toMatchObject({
    prediction_id: first.body['prediction_id'],
    decision: { repeated: true },
  })
  expect(calls).toBe(1)
})

test('an endpoint without one of them is not ready', async () => {
  const { gateway, down } = serve((tensors) => tensors)
  expect((await get(gateway, '/readyz')).status).toBe(200)
  expect((await get(gateway, '/v2/models/digits/ready')).status).toBe(200)
  down()
  expect((await get(gateway, '/readyz')).status).toBe(503)
  expect((await get(gateway, '/v2/models/digits/ready')).status).toBe(503)
})
