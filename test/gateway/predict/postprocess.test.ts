import { describe, expect, test } from 'vitest'
import { postprocess } from '../../../gateway/config/pipeline/postprocess-schema.ts'
import { preprocess } from '../../../gateway/config/pipeline/preprocess-schema.ts'
import { toPostStep } from '../../../gateway/config/pipeline/to-postprocess.ts'
import { toPreprocess } from '../../../gateway/config/pipeline/to-preprocess.ts'
import { createPipeline } from '../../../gateway/pipeline/pipeline.ts'
import type { TensorSpec } from '../../../model-workers/protocol/types.ts'
import { createFakeArm, createFakeEndpoint, labels, scores } from '../../fixtures/fake-endpoint.ts'
import { createTestGateway, post } from '../../fixtures/gateway-app.ts'

const inputs: readonly TensorSpec[] = [{ name: 'x', datatype: 'FP32', shape: [-1, 1] }]
const pipelineOf = (after: unknown[]) =>
  createPipeline({
    preprocess: toPreprocess(preprocess.parse({ tensors: { x: [{ columns: ['price'] }] } })),
    postprocess: postprocess.parse(after).map((step) => toPostStep(step)),
  })!

const named = pipelineOf([{ labels: { names: ['no', 'yes'] } }])

test('the answer and the record are what the steps made', async () => {
  const arms = [createFakeArm('first', labels([1]))]
  const endpoint = createFakeEndpoint({ arms, inputs, settings: { ledger: 'stored' } })
  const gateway = createTestGateway([{ ...endpoint, pipeline: named }])
  const { body } = await post(gateway, '/predict', { id: 'mine', inputs: { price: 3 } })
  expect(body).toMatchObject({ outputs: { label: ['yes'] } })
  const again = await post(gateway, '/predict', { id: 'mine', inputs: { price: 3 } })
  expect(again.body).toMatchObject({ outputs: { label: ['yes'] }, decision: { repeated: true } })
})

test('an arm whose outputs the steps cannot do with has failed, and the next one answers', async () => {
  const arms = [createFakeArm('first', scores([0.5])), createFakeArm('second', labels([0]))]
  const endpoint = createFakeEndpoint({ arms, inputs })
  const gateway = createTestGateway([{ ...endpoint, pipeline: named }])
  const { body } = await post(gateway, '/predict', { inputs: { price: 3 } })
  expect(body).toMatchObject({ arm: 'second', outputs: { label: ['no'] }, decision: { degraded: true } })
  expect(endpoint.agent.settled).toEqual([
    { arm: 'first', as: 'abandoned' },
    { arm: 'second', as: 'answered' },
  ])
  const metrics = await gateway.registry.metrics()
  expect(metrics).toContain('bandit_arm_failures_total{endpoint="digits",arm="first",fault="bad_output"} 1')
})

describe('a slate', () => {
  const slate = {
    score: 'scores',
    item: 'item',
    k: 3,
    freshness: { age: 'age', half_life: 10 },
    cap: { by: 'maker', most: 1 },
  }
  const pipeline = pipelineOf([{ slate }, { keep: ['slate', 'slate_scores'] }])
  const ask = (sent: object, values = [0.8, 0.6, 0.5, 0.4]) => {
    const endpoint = createFakeEndpoint({ arms: [createFakeArm('first', scores(values))], inputs })
    return post(createTestGateway([{ ...endpoint, pipeline }]), '/predict', { inputs: sent })
  }
  const candidates = {
    item: ['a', 'b', 'c', 'd'],
    price: [1, 2, 3, 4],
    maker: ['x', 'y', 'y', null],
    age: [10, 0, null, 20],
  }

  test('is what the candidates are ordered to by score, age and maker', async () => {
    const { body } = await ask(candidates)
    expect(body['outputs']).toEqual({
      slate: ['b', 'a', 'd'],
      slate_scores: [expect.closeTo(0.6, 6), expect.closeTo(0.4, 6), expect.closeTo(0.1, 6)],
    })
  })

  test.each([
    [{ price: [1] }, 'missing_input', '/inputs'],
    [{ ...candidates, item: ['a', 'b', null, 'd'] }, 'invalid_input', '/inputs/item/2'],
    [{ ...candidates, age: ['old', 0, 0, 0] }, 'invalid_input', '/inputs/age/0'],
  ])('of %j is refused before an arm is asked', async (sent, code, pointer) => {
    expect(await ask(sent)).toMatchObject({ status: 422, body: { code, pointer } })
  })

  test('of an arm with other rows than there are candidates is no answer', async () => {
    expect(await ask(candidates, [1])).toMatchObject({ status: 502, body: { code: 'unusable_answer' } })
  })
})
