import { describe, expect, test } from 'vitest'
import { preprocess } from '../../../gateway/config/pipeline/preprocess-schema.ts'
import { toPreprocess } from '../../../gateway/config/pipeline/to-preprocess.ts'
import { createPipeline } from '../../../gateway/pipeline/pipeline.ts'
import { tensorToJson } from '../../../model-workers/protocol/json.ts'
import type { TensorSpec } from '../../../model-workers/protocol/types.ts'
import { createFakeArm, createFakeEndpoint, labels } from '../../fixtures/fake-endpoint.ts'
import { createTestGateway, post, type Answer } from '../../fixtures/gateway-app.ts'

const inputs: readonly TensorSpec[] = [
  { name: 'x', datatype: 'FP32', shape: [-1, 3] },
  { name: 'word', datatype: 'BYTES', shape: [-1, 1] },
]
const blocks = {
  x: [
    { columns: ['age'], steps: [{ impute: 40 }, { scale: { mean: 40, deviation: 10 } }] },
    { columns: ['country'], steps: [{ one_hot: { categories: ['DE', 'AT'], unknown: 'refuse' } }] },
  ],
  word: [{ columns: ['query'] }],
}
const pipeline = createPipeline({ preprocess: toPreprocess(preprocess.parse({ tensors: blocks })) })!

const ask = async (sent: unknown): Promise<{ seen: unknown[]; answer: Answer }> => {
  const seen: unknown[] = []
  const arm = createFakeArm('first', (tensors) => {
    seen.push(...tensors.map((tensor) => tensorToJson(tensor)))
    return labels([7])
  })
  const gateway = createTestGateway([{ ...createFakeEndpoint({ arms: [arm], inputs }), pipeline }])
  const answer = await post(gateway, '/predict', { inputs: sent })
  return { seen, answer }
}

test('the arm gets the tensors that the fields become', async () => {
  const { seen, answer } = await ask({ age: [50, null], country: ['AT', 'DE'], query: 'shoes' })
  expect(answer.status).toBe(200)
  expect(seen).toEqual([
    [
      [1, 0, 1],
      [0, 1, 0],
    ],
    [['shoes'], ['shoes']],
  ])
})

test('fields that are left out are missing, and single values are one row', async () => {
  const { seen } = await ask({ country: 'AT', query: 'shoes' })
  expect(seen).toEqual([[[0, 0, 1]], [['shoes']]])
})

describe('what does not do is refused with its place', () => {
  test.each([
    [{ country: 'AT' }, 'missing_input', '/inputs', 'input "query" is missing'],
    [{ country: 'AT', query: null }, 'invalid_input', '/inputs/query', '"query" is not known here'],
    [
      { country: 'AT', query: 'a', qeury: 'b' },
      'unknown_input',
      '/inputs/qeury',
      'takes age, country, query',
    ],
    [{ age: ['old'], country: 'AT', query: 'a' }, 'invalid_input', '/inputs/age/0', 'a number, found "old"'],
    [{ age: 'old', country: 'AT', query: 'a' }, 'invalid_input', '/inputs/age', 'a number, found "old"'],
    [
      { age: { years: 1 }, country: 'AT', query: 'a' },
      'invalid_input',
      '/inputs/age',
      'expected a number, text',
    ],
    [
      { country: ['DE', 'FR'], query: 'a' },
      'invalid_input',
      '/inputs/country/1',
      'one of DE, AT, found "FR"',
    ],
    [{ country: ['DE'], query: ['a', 'b'] }, 'row_mismatch', '/inputs/query', 'has 2 values'],
    [{ country: [], query: [] }, 'invalid_input', '/inputs', 'no rows'],
    [{ age: 1e300, country: 'DE', query: 'a' }, 'invalid_input', '/inputs/age', 'what becomes FP32'],
    [
      '{"inputs":{"age":1e999,"country":"DE","query":"a"}}',
      'invalid_input',
      '/inputs/age',
      'expected a number',
    ],
    [{ country: 'DE', query: '\ud800' }, 'invalid_input', '/inputs/query', 'what becomes BYTES'],
  ])('%j', async (sent, code, pointer, detail) => {
    const body = typeof sent === 'string' ? sent : { inputs: sent }
    const gateway = createTestGateway([{ ...createFakeEndpoint({ inputs }), pipeline }])
    const answer = await post(gateway, '/predict', body)
    expect(answer).toMatchObject({ status: 422, body: { code, pointer } })
    expect(answer.body['detail']).toContain(detail)
  })
})

describe('models that do not take what the steps make are told of', () => {
  test.each([
    [[{ name: 'x', datatype: 'FP32', shape: [-1, 3] }], 'there is no input "word" (x)'],
    [[...inputs, { name: 'more', datatype: 'FP32', shape: [-1, 1] }], 'nothing makes its input "more"'],
    [[{ ...inputs[0]!, shape: [-1, 4] }, inputs[1]!], '"x" takes 4 columns, and the steps make 3'],
    [[inputs[0]!, { ...inputs[1]!, shape: [] }], '"word" is a scalar'],
  ] as [TensorSpec[], string][])('%j', (specs, misfit) => {
    expect(pipeline.before!.misfit(specs)).toContain(misfit)
  })
})

test('what is missing may be kept for models that know what to do with it', () => {
  const keeping = preprocess.parse({
    tensors: { x: [{ columns: ['age'], steps: [{ keep_missing: true }] }] },
  })
  const keeper = createPipeline({ preprocess: toPreprocess(keeping) })!.before!
  const spec: TensorSpec = { name: 'x', datatype: 'FP64', shape: [-1, 1] }
  const [tensor] = keeper.toTensors(keeper.parse({ age: [1, null] }), [spec])
  expect(new Float64Array(tensor!.bytes.buffer)).toEqual(Float64Array.of(1, NaN))
})
