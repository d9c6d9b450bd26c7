import { expect, test } from 'vitest'
import { formatFault, parseConfig } from '../../../../gateway/config/parse-config.ts'

const parse = (model: string) =>
  parseConfig(
    `models: { far: ${model} }\nendpoints: { e: { arms: { a: { model: far } } } }`,
    '/srv/bandit.yaml',
  )

function faultsOf(model: string): string[] {
  const result = parse(model)
  return 'faults' in result ? result.faults.map(formatFault) : []
}

test('a server is all that a model needs', () => {
  const result = parse('{ url: "http://triton:8000", deadline: 200ms }')
  expect('config' in result && [result.config.models, result.config.remotes]).toEqual([
    [],
    [
      {
        name: 'far',
        urls: ['http://triton:8000'],
        protocol: 'open-inference',
        servedAs: 'far',
        headers: {},
        maxBatch: 1,
        queue: 128,
        deadlineMs: 200,
      },
    ],
  ])
})

test('all that can be said of one', () => {
  const result = parse(`{ url: ["https://a:8000", "https://b:8000"], name: resnet, version: "2", max_batch: 8,
    headers_env: { authorization: TRITON_TOKEN }, tls: { ca: ./ca.pem, server_name: triton },
    inputs: { x: { datatype: FP32, shape: [-1, 4], as: INPUT__0 } }, outputs: { y: { datatype: INT64, shape: [-1] } } }`)
  expect('config' in result && result.config.remotes[0]).toMatchObject({
    urls: ['https://a:8000', 'https://b:8000'],
    servedAs: 'resnet',
    version: '2',
    headers: { authorization: 'TRITON_TOKEN' },
    tls: { ca: '/srv/ca.pem', serverName: 'triton' },
    inputs: [{ name: 'x', datatype: 'FP32', shape: [-1, 4], as: 'INPUT__0' }],
    outputs: [{ name: 'y', datatype: 'INT64', shape: [-1], as: 'y' }],
    maxBatch: 8,
  })
})

test('plain JSON stands where its pointers say', () => {
  const tensors = (at: string) => `{ x: { datatype: FP32, shape: [-1], at: ${at} } }`
  const result = parse(`{ url: "http://a/p", protocol: json, ready: /health, inputs: ${tensors('/rows/*/x')},
    outputs: ${tensors('""')} }`)
  expect('config' in result && result.config.remotes[0]).toMatchObject({
    ready: '/health',
    inputs: [{ as: '/rows/*/x' }],
    outputs: [{ as: '' }],
  })
})

const tensor = '{ x: { datatype: FP32, shape: [-1] } }'

test.each([
  ['{ onnx: ./a.onnx, url: "http://a" }', 'models.far a model is either an ONNX file or a server'],
  ['{ url: "ftp://a" }', 'models.far.url expected an address'],
  ['{ url: "http://user:secret@a" }', 'models.far.url a password does not belong'],
  ['{ url: "http://a", replicas: 2 }', 'models.far.replicas only a model with an onnx file'],
  ['{ onnx: ./a.onnx, protocol: json }', 'models.far.protocol only a model with a url'],
  ['{ url: "http://a", protocol: grpc }', 'models.far.protocol'],
  ['{ url: "http://a", protocol: tensorflow }', 'models.far with protocol: tensorflow nobody else says'],
  ['{ url: "http://a", headers_env: { host: A } }', 'models.far.headers_env.host this header is set'],
  ['{ url: "http://a", headers_env: { x-key: abc } }', 'expected the name of an environment variable'],
  ['{ url: "http://a", ready: /health }', 'models.far.ready its protocol has a question'],
  [
    `{ url: "http://a", protocol: json, inputs: ${tensor}, outputs: ${tensor} }`,
    'add at, such as /instances',
  ],
  [
    `{ url: "http://a", protocol: json, name: b, inputs: ${tensor}, outputs: ${tensor} }`,
    'models.far.name with',
  ],
  [
    '{ url: "http://a", inputs: { x: { datatype: FP32, shape: [-1], at: /x } } }',
    'only protocol: json has this',
  ],
  ['{ url: "http://a", inputs: { x: { datatype: FP8, shape: [-1] } } }', 'models.far.inputs.x.datatype'],
])('%s', (model, fault) => {
  const faults = faultsOf(model)
  expect(faults.join('\n').replaceAll(': ', ' ')).toContain(fault.replaceAll(': ', ' '))
})
