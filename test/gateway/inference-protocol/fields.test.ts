import { describe, expect, test } from 'vitest'
import { preprocess } from '../../../gateway/config/pipeline/preprocess-schema.ts'
import { toPreprocess } from '../../../gateway/config/pipeline/to-preprocess.ts'
import type { PostStepConfig } from '../../../gateway/config/pipeline/postprocess.ts'
import { createPipeline } from '../../../gateway/pipeline/pipeline.ts'
import type { StepModules } from '../../../gateway/pipeline/step-module.ts'
import { createEchoEndpoint } from '../../fixtures/echo-endpoint.ts'
import { createTestGateway, get, post } from '../../fixtures/gateway-app.ts'

const tensors = {
  x: [
    { columns: ['age'], steps: [{ impute: 40 }] },
    { columns: ['country'], steps: [{ ordinal: ['DE', 'AT'] }] },
  ],
}

/** The echo of two columns, made of `age` and `country`. */
function serve(postprocess?: readonly PostStepConfig[], modules: StepModules = new Map()) {
  const features = [
    { keys: ['user'], features: [{ name: 'score', from: 's', type: 'number' as const, default: 1 }] },
  ]
  const config = { preprocess: toPreprocess(preprocess.parse({ tensors })), features }
  const pipeline = createPipeline({ ...config, ...(postprocess && { postprocess }) }, modules)
  return createTestGateway([{ ...createEchoEndpoint('FP32'), pipeline }])
}
const infer = (gateway: ReturnType<typeof serve>, inputs: readonly object[], outputs?: readonly object[]) =>
  post(gateway, '/v2/models/m/infer', { inputs, outputs })
const age = { name: 'age', shape: [2], datatype: 'INT64', data: [50, 20] }
const country = { name: 'country', shape: [2, 1], datatype: 'BYTES', data: ['AT', 'DE'] }

describe('fields are inputs of the protocol', () => {
  test('of any datatype, a value a row', async () => {
    const { status, body } = await infer(serve(), [age, country])
    expect(status).toBe(200)
    expect(body['outputs']).toEqual([{ name: 'y', datatype: 'FP32', shape: [2, 2], data: [50, 1, 20, 0] }])
  })

  test('as a scalar for all rows, and NaN for what is not known', async () => {
    const bytes = Buffer.from(new Float32Array([NaN, 7]).buffer)
    const head = JSON.stringify({
      inputs: [
        { name: 'age', shape: [2], datatype: 'FP32', parameters: { binary_data_size: 8 } },
        { name: 'country', shape: [], datatype: 'BYTES', data: ['AT'] },
      ],
    })
    const headers = { 'inference-header-content-length': String(head.length) }
    const body = Buffer.concat([Buffer.from(head), bytes])
    const answer = await post(serve(), '/v2/models/m/infer', body, headers)
    expect(answer.body['outputs']).toMatchObject([{ data: [40, 1, 7, 1] }])
  })

  test('are what the metadata and the configuration tell; what is fetched is left out', async () => {
    const gateway = serve()
    const inputs = [
      { name: 'age', datatype: 'FP64', shape: [-1] },
      { name: 'country', datatype: 'BYTES', shape: [-1] },
      { name: 'user', datatype: 'BYTES', shape: [-1] },
    ]
    expect((await get(gateway, '/v2/models/m')).body).toMatchObject({ inputs })
    expect((await get(gateway, '/v2/models/m/versions/second/config')).body).toMatchObject({
      name: 'm',
      max_batch_size: 0,
      version_policy: { specific: { versions: ['first', 'second'] } },
      input: [
        { name: 'age', data_type: 'TYPE_FP64', dims: [-1] },
        { name: 'country', data_type: 'TYPE_STRING', dims: [-1] },
        { name: 'user' },
      ],
      output: [{ name: 'y', data_type: 'TYPE_FP32', dims: [-1, 2] }],
    })
  })

  test.each([
    [[{ ...age, shape: [1, 2] }, country], '"age" [1, 2] has several values a row'],
    [
      [age, { ...country, data: ['AT', 'FR'] }],
      '"country": expected one of DE, AT, found "FR" (at /inputs/country/1)',
    ],
    [[age, country, { ...age, name: 'weight' }], 'take this one out (at /inputs/weight)'],
    [[age], 'input "country" is missing'],
  ])('and refused with their place', async (inputs, words) => {
    const { status, body } = await infer(serve(), inputs)
    expect(status).toBe(400)
    expect(body['error']).toContain(words)
  })
})

describe('what steps make of outputs', () => {
  const steps: readonly PostStepConfig[] = [
    { kind: 'threshold', output: 'y', column: 0, at: 30, to: 'old' },
    {
      kind: 'labels',
      output: 'old',
      to: 'word',
      names: new Map([
        ['0', 'young'],
        ['1', 'old'],
      ]),
    },
    { kind: 'top_k', output: 'y', k: 1, to: 'best', names: undefined },
  ]

  test('are tensors of the datatypes that are told', async () => {
    const gateway = serve(steps)
    const { body } = await infer(gateway, [age, country])
    const outputs = body['outputs'] as { name: string; datatype: string; shape: number[] }[]
    expect(outputs).toEqual([
      { name: 'y', datatype: 'FP32', shape: [2, 2], data: [50, 1, 20, 0] },
      { name: 'old', datatype: 'INT64', shape: [2], data: [1, 0] },
      { name: 'word', datatype: 'BYTES', shape: [2], data: ['old', 'young'] },
      { name: 'best', datatype: 'INT64', shape: [2, 1], data: [0, 0] },
      { name: 'best_scores', datatype: 'FP64', shape: [2, 1], data: [50, 20] },
    ])
    const told = (await get(gateway, '/v2/models/m')).body['outputs'] as typeof outputs
    expect(told.map(({ name, datatype }) => [name, datatype])).toEqual(
      outputs.map(({ name, datatype }) => [name, datatype]),
    )
  })

  test('can be asked for by name, in binary too', async () => {
    const wanted = { name: 'old', parameters: { binary_data: true } }
    const gateway = serve(steps)
    const response = await gateway.app.request('/v2/models/m/infer', {
      method: 'POST',
      body: JSON.stringify({ inputs: [age, country], outputs: [wanted] }),
      headers: { 'content-type': 'application/json' },
    })
    const bytes = Buffer.from(await response.arrayBuffer())
    expect(bytes.subarray(-16)).toEqual(Buffer.from(new BigInt64Array([1n, 0n]).buffer))
    const missing = await infer(gateway, [age, country], [{ name: 'older' }])
    expect(missing.body['error']).toContain('there is no output "older"')
  })

  test('by a module are what they are, and text where no tensor is', async () => {
    const after = () => ({ share: [0.5, 1], isOld: [true, false], mixed: [[1], [2, 3]] })
    const module: PostStepConfig = {
      kind: 'module',
      file: 'm.ts',
      fields: [],
      makes: ['share', 'isOld', 'mixed'],
    }
    const { body } = await infer(serve([module], new Map([['m.ts', { after }]])), [age, country])
    expect(body['outputs']).toEqual([
      { name: 'share', datatype: 'FP64', shape: [2], data: [0.5, 1] },
      { name: 'isOld', datatype: 'BOOL', shape: [2], data: [true, false] },
      { name: 'mixed', datatype: 'BYTES', shape: [2], data: ['[1]', '[2,3]'] },
    ])
  })
})

test('statistics count calls, rows and time of each version', async () => {
  const endpoint = createEchoEndpoint('FP32')
  let now = 0
  endpoint.arms.get('first')!.onCall = () => (now += 3)
  const gateway = createTestGateway([endpoint], { monotonic: () => now })
  const x = { name: 'x', shape: [2, 2], datatype: 'FP32', data: [1, 2, 3, 4] }
  await infer(gateway, [x])
  endpoint.arms.get('first')!.behaviour = 'bad_output'
  await infer(gateway, [x])
  const { body } = await get(gateway, '/v2/models/m/versions/first/stats')
  expect(body['model_stats']).toMatchObject([
    {
      name: 'm',
      version: 'first',
      last_inference: 1_000_000,
      inference_count: 2,
      execution_count: 1,
      inference_stats: { success: { count: 1, ns: 3e6 }, fail: { count: 1, ns: 3e6 } },
    },
  ])
  for (const path of ['/v2/models/stats', '/v2/models/m/stats']) {
    const all = (await get(gateway, path)).body['model_stats'] as { version: string }[]
    expect(all.map(({ version }) => version)).toEqual(['first', 'second'])
  }
})
