import { describe, expect, test } from 'vitest'
import { createEncoding } from '../../bandit/index.ts'
import { preprocess } from '../../gateway/config/pipeline/preprocess-schema.ts'
import { toContext } from '../../gateway/config/context/to-context.ts'
import { context } from '../../gateway/config/context/context-schema.ts'
import { toPreprocess } from '../../gateway/config/pipeline/to-preprocess.ts'
import type { EndpointRuntime } from '../../gateway/endpoint-runtime.ts'
import { describeRequest } from '../../gateway/describe-request.ts'
import { createPipeline } from '../../gateway/pipeline/pipeline.ts'
import { createFakeEndpoint } from '../fixtures/fake-endpoint.ts'
import { createTestGateway, post } from '../fixtures/gateway-app.ts'

const columns = [
  { columns: ['age'], steps: [{ log: 'ln' }] },
  {
    columns: ['country', 'level'],
    steps: [{ one_hot: { categories: [['DE'], ['low']], unknown: 'refuse' } }],
  },
  { columns: ['word'], steps: [{ hash: { buckets: 2 } }] },
]
const width = 1 + 2 + 2
const pipeline = createPipeline({
  preprocess: toPreprocess(preprocess.parse({ tensors: { pixels: columns } })),
  postprocess: [
    {
      kind: 'slate',
      score: 'label',
      column: undefined,
      item: 'item',
      k: 1,
      to: 'slate',
      freshness: { age: 'days', halfLife: 7 },
      diversity: undefined,
      cap: undefined,
      exposure: undefined,
    },
  ],
})
const declared = context.parse({
  features: {
    light: { type: 'number', range: [2, 3] },
    camera: { type: 'category', values: ['desk', 'door'], unlisted: 'refuse' },
    night: { type: 'boolean' },
    text: { type: 'text', buckets: 4 },
  },
})

describe('the request that is shown is one that works', () => {
  const inputs = [{ name: 'pixels', datatype: 'FP32', shape: [-1, width] }] as const
  const endpoints: [string, EndpointRuntime][] = [
    ['with tensors', createFakeEndpoint()],
    ['with fields', { ...createFakeEndpoint({ inputs }), pipeline }],
    ['with a context', { ...createFakeEndpoint(), encoding: createEncoding(toContext(declared)) }],
    [
      'with values',
      createFakeEndpoint({
        inputs: undefined,
        settings: { arms: [{ kind: 'value', name: 'first', value: 'a', minShare: 0 }] },
      }),
    ],
  ]

  test.each(endpoints)('%s', async (_, endpoint) => {
    const { name, verb, body } = describeRequest(endpoint)
    const { status } = await post(createTestGateway([endpoint]), `/${verb}/${name}`, body)
    expect(status).toBe(200)
  })
})
