import { expect, test } from 'vitest'
import { createArmHealth } from '../../../gateway/guardrails/arm-health.ts'
import { UpstreamError } from '../../../gateway/upstream/errors.ts'
import type { Tensor } from '../../../model-workers/protocol/types.ts'
import { createFakeArm, createFakeEndpoint, scores, type Behaviour } from '../../fixtures/fake-endpoint.ts'
import { createTestGateway, post } from '../../fixtures/gateway-app.ts'

const body = { inputs: { pixels: [[0, 1, 2, 3]] } }
const nothing = scores([NaN])

/** An endpoint whose arms do these, and what guardrails would see of each. */
function serve(...behaviours: Behaviour[]) {
  const arms = behaviours.map((behaviour, at) => createFakeArm(`arm${at}`, behaviour))
  const health = new Map(
    arms.map(({ name }) => [
      name,
      createArmHealth({ windowMs: 60_000, slowMs: Infinity, monotonic: () => 1 }),
    ]),
  )
  const endpoint = { ...createFakeEndpoint({ arms }), health }
  const gateway = createTestGateway([endpoint])
  const faults = () => arms.map(({ name }) => health.get(name)!.read().faults)
  return { arms, gateway, endpoint, faults }
}

test('what no arm has a number for is no load and no fault of the arms, however often it is sent', async () => {
  const { arms, gateway, faults } = serve(nothing, nothing)
  for (let sent = 0; sent < 50; sent++) {
    const { status, body: problem, headers } = await post(gateway, '/predict', body)
    expect([status, problem['code'], headers.get('retry-after')]).toEqual([502, 'unusable_answer', null])
  }
  expect(faults()).toEqual([0, 0])
  const metrics = await gateway.registry.metrics()
  expect(metrics).toContain('bandit_arm_failures_total{endpoint="digits",arm="arm0",fault="bad_output"} 50')
  expect(metrics).not.toContain('bandit_arm_rests_total{endpoint="digits",arm="arm0"}')
  for (const arm of arms) arm.behaviour = scores([0.5])
  expect((await post(gateway, '/predict', body)).body).toMatchObject({ arm: 'arm0' })
})

test('it is the fault of an arm where another one has a number', async () => {
  const { gateway, faults } = serve(nothing, scores([0.5]))
  for (let sent = 0; sent < 5; sent++) expect((await post(gateway, '/predict', body)).status).toBe(200)
  expect(faults()[0]).toBeGreaterThan(0)
  expect(await gateway.registry.metrics()).toMatch(
    /bandit_arm_rests_total\{endpoint="digits",arm="arm0"\} [1-9]/,
  )
})

test('it is one where the other arm cannot be asked, as nobody knows what that would say', async () => {
  const { gateway, faults } = serve(nothing, 'unreachable')
  expect((await post(gateway, '/predict', body)).body).toMatchObject({ code: 'no_arm_available' })
  expect(faults()).toEqual([1, 1])
})

test('inputs that are no numbers themselves are to blame', async () => {
  const nan = (tensors: readonly Tensor[]) =>
    scores([...new Float32Array(new Uint8Array(tensors[0]!.bytes).buffer)])
  const { gateway, faults } = serve(nan, nan)
  const head = JSON.stringify({
    inputs: [{ name: 'pixels', datatype: 'FP32', shape: [1, 4], parameters: { binary_data_size: 16 } }],
  })
  for (const value of [NaN, Infinity]) {
    const answer = await gateway.app.request('/v2/models/digits/infer', {
      method: 'POST',
      headers: {
        'content-type': 'application/octet-stream',
        'inference-header-content-length': String(head.length),
      },
      body: Buffer.concat([Buffer.from(head), Buffer.from(Float32Array.of(0, value, 0, 0).buffer)]),
    })
    expect([answer.status, answer.headers.get('x-bandit-error-code')]).toEqual([400, 'model_rejected_inputs'])
  }
  expect(faults()).toEqual([0, 0])
})

test('a model before the arms that has no number for it is not waited for either', async () => {
  const { endpoint } = serve(scores([0.5]))
  const run = async () => {
    throw new UpstreamError('bad_output', 'scaler', 'scaler answered NaN', { isOfValues: true })
  }
  const gateway = createTestGateway([{ ...endpoint, steps: { available: () => true, run } }])
  const { status, body: problem } = await post(gateway, '/predict', body)
  expect([status, problem['code']]).toEqual([502, 'unusable_answer'])
})

test('nor is it where every server that is asked fails over the inputs, which may do better later', async () => {
  const { gateway, faults } = serve('bad_output', nothing)
  for (let sent = 0; sent < 20; sent++) {
    const { status, body: problem, headers } = await post(gateway, '/predict', body)
    expect([status, problem['code']]).toEqual([502, 'broken_answer'])
    expect(headers.get('retry-after')).toMatch(/^[1-5]$/)
  }
  expect(faults()).toEqual([0, 0])
})
