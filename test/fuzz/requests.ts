import fc from 'fast-check'
import type { OpenApiDocument } from '../fixtures/openapi.ts'
import { fromSchema } from './from-schema.ts'
import { hostileNames, hostileValue, mostly, spoilt } from './hostile.ts'

export interface FuzzRequest {
  readonly method: string
  readonly address: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: Buffer | undefined
}

/** What stands for the newest prediction id, so that feedback gets beyond the check of its signature. */
export const idPlaceholder = '$newest-prediction-id'

/** What there is to be met at the gateway under test. */
export interface Known {
  readonly endpoints: readonly string[]
  readonly arms: readonly string[]
  /** The one input of its endpoints. */
  readonly input: { readonly name: string; readonly width: number }
}

const methods = ['GET', 'POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'HEAD', 'FUZZ']
const types = [
  'application/json',
  'application/x-ndjson',
  'application/octet-stream',
  'text/plain',
  'APPLICATION/JSON; charset=utf-8',
  'application/json; charset=utf-16',
  '',
]
const oddHeaders: fc.Arbitrary<Record<string, string>> = fc
  .tuple(
    fc.constantFrom(
      'content-encoding',
      'accept',
      'accept-encoding',
      'x-request-id',
      'traceparent',
      'inference-header-content-length',
      'if-none-match',
      'authorization',
      'x-api-key',
    ),
    fc.oneof(
      fc.constantFrom(
        'gzip',
        'identity',
        '0',
        '-1',
        '7',
        '1e9',
        '*',
        'Bearer x',
        'Basic Og==',
        '00-' + '0'.repeat(32) + '-' + '0'.repeat(16) + '-01',
      ),
      fc.stringMatching(/^[!-~]{1,60}$/),
    ),
  )
  .map(([name, value]) => ({ [name]: value }))

/** Requests made from what the gateway says of itself, most of them nearly right. */
export function fuzzRequests(document: OpenApiDocument, known: Known): fc.Arbitrary<FuzzRequest> {
  const hints = hintsOf(known)
  const operations = Object.entries(document.paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, operation]) => {
      const content = operation.requestBody?.content['application/json']
      const value =
        content === undefined
          ? hostileValue
          : mostly(fromSchema(content.schema, { schemas: document.components.schemas, hints }), 40)
      return { method: method.toUpperCase(), path, value, hasBody: content !== undefined }
    }),
  )
  // Routes that take a body are what there is to find something in.
  const operation = fc.oneof(
    { weight: 6, arbitrary: fc.constantFrom(...operations.filter(({ hasBody }) => hasBody)) },
    { weight: 1, arbitrary: fc.constantFrom(...operations) },
  )
  const headers = fc.oneof({ weight: 8, arbitrary: fc.constant({}) }, { weight: 1, arbitrary: oddHeaders })
  const aimed = operation.chain(({ method, path, value, hasBody }) =>
    fc
      .record({
        method: rarely(fc.constant(method), fc.constantFrom(...methods)),
        address: addressOf(path, known),
        type: rarely(fc.constant('application/json'), fc.constantFrom(...types)),
        headers,
        body: hasBody ? bodyOf(value, path) : rarely(fc.constant(undefined), bodyOf(value, path)),
      })
      .map(finish),
  )
  const astray = fc
    .record({
      method: fc.constantFrom(...methods),
      address: fc.webPath(),
      type: fc.constantFrom(...types),
      headers,
      body: fc.option(spoilt(fc.json()), { nil: undefined }),
    })
    .map(finish)
  return fc.oneof({ weight: 30, arbitrary: aimed }, { weight: 1, arbitrary: astray })
}

function rarely<A, B>(usual: fc.Arbitrary<A>, odd: fc.Arbitrary<B>): fc.Arbitrary<A | B> {
  return fc.oneof({ weight: 20, arbitrary: usual }, { weight: 1, arbitrary: odd })
}

function hintsOf({ endpoints, input }: Known): Readonly<Record<string, fc.Arbitrary<unknown>>> {
  const number = fc.oneof(
    { weight: 40, arbitrary: fc.integer({ min: -20, max: 20 }) },
    { weight: 1, arbitrary: hostileValue },
  )
  const row = fc.array(number, { minLength: input.width, maxLength: input.width })
  const rows = fc.array(row, { minLength: 1, maxLength: 3 })
  const named = rows.map((values) => ({ [input.name]: values }))
  const spoken = rows.map((values) => [
    { name: input.name, datatype: 'FP32', shape: [values.length, input.width], data: values },
  ])
  const inputs = mostly(fc.oneof({ weight: 3, arbitrary: named }, { weight: 1, arbitrary: spoken }))
  return {
    inputs,
    prediction_id: mostly(fc.constant(idPlaceholder), 5),
    endpoint: mostly(fc.constantFrom(...endpoints)),
  }
}

function addressOf(path: string, { endpoints, arms }: Known): fc.Arbitrary<string> {
  const odd = fc.constantFrom<string>(...hostileNames.filter((name) => name !== '')).map(encodeURIComponent)
  const parts = path.split('/').map((part) => {
    if (!part.startsWith('{')) return fc.constant(part)
    if (part === '{endpoint}') return rarely(fc.constantFrom(...endpoints), odd)
    return rarely(fc.constantFrom(...arms, 'page.css'), odd)
  })
  return fc.tuple(...parts).map((each) => each.join('/'))
}

function bodyOf(value: fc.Arbitrary<unknown>, path: string): fc.Arbitrary<Buffer> {
  const text = value.map((each) => JSON.stringify(each) ?? '')
  const lines = fc.array(text, { maxLength: 4 }).map((each) => each.join('\n'))
  return spoilt(
    path === '/feedback' ? fc.oneof({ weight: 3, arbitrary: text }, { weight: 1, arbitrary: lines }) : text,
  )
}

interface Drawn {
  readonly method: string
  readonly address: string
  readonly type: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: Buffer | undefined
}

function finish({ type, headers, body, method, address }: Drawn): FuzzRequest {
  const takesBody = method !== 'GET' && method !== 'HEAD'
  const typed = type === '' || body === undefined ? headers : { 'content-type': type, ...headers }
  return { method, address, headers: typed, body: takesBody ? body : undefined }
}
