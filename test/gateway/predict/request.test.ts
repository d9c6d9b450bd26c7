import { describe, expect, test } from 'vitest'
import type { ErrorCode } from '../../../gateway/errors.ts'
import type { Tensor, TensorSpec } from '../../../model-workers/protocol/types.ts'
import { createFakeArm, createFakeEndpoint, labels, pixels } from '../../fixtures/fake-endpoint.ts'
import { createTestGateway, post } from '../../fixtures/gateway-app.ts'
import { parseFields } from '../../../gateway/http/fields.ts'
import { expectProblem } from '../../fixtures/problem.ts'

const row = [0, 1, 2, 3]
const inputs = { pixels: [row] }

/** Nothing may reach an arm from a request that is refused. */
async function refuse(body: unknown, code: ErrorCode, pointer?: string, specs = [pixels]): Promise<void> {
  const arm = createFakeArm('first')
  const endpoint = createFakeEndpoint({ arms: [arm], inputs: specs })
  const answer = await post(createTestGateway([endpoint]), '/predict', body)
  expectProblem(answer, code, pointer)
  expect(arm.calls).toBe(0)
  expect(endpoint.agent.decided).toEqual([])
}

describe('the body', () => {
  test.each([
    ['nothing', ''],
    ['half an object', '{"inputs":'],
    ['NaN', '{"inputs":{"pixels":[[NaN,0,0,0]]}}'],
    ['Infinity', '{"inputs":{"pixels":[[Infinity,0,0,0]]}}'],
    ['a trailing comma', '{"inputs":{"pixels":[[0,1,2,3,]]}}'],
    ['two values', '{} {}'],
    ['single quotes', "{'inputs':1}"],
    ['a byte order mark', '\u{feff}{"inputs":{"pixels":[[0,1,2,3]]}}'],
    ['UTF-16', Buffer.from('{"inputs":{"pixels":[[0,1,2,3]]}}', 'utf16le')],
    ['bytes that are no UTF-8', Buffer.from([0x22, 0xff, 0xfe, 0x22])],
  ])('of %s is malformed', async (_what, body) => {
    await refuse(body, 'malformed_json')
  })

  test('that is malformed is told its line and column', async () => {
    const { body } = await post(createTestGateway(), '/predict', '{\n "inputs": {"pixels": [1 2]}\n}')
    expect(body['detail']).toContain('line 2 column 26')
  })

  test.each(['[', '{"a":', '[{"a":'])('of %j over and over is too deep', async (open) => {
    await refuse(open.repeat(600), 'too_deep')
  })

  test('may nest 32 deep, and brackets in text do not count', async () => {
    const deep = `{"inputs":{"pixels":${'['.repeat(30)}1${']'.repeat(30)}}}`
    await refuse(deep, 'invalid_input', '/inputs/pixels')
    await refuse(
      `{"inputs":{},"key":"${'['.repeat(100)}","x":"\\"${'{'.repeat(100)}"}`,
      'unknown_field',
      '/x',
    )
  })

  test('with a thousand keys and more is refused before they are read', async () => {
    const keys = Array.from({ length: 1001 }, (_, i) => `"${i}":0`).join()
    const gateway = createTestGateway(undefined, {
      limits: { predictBody: 1e6, feedbackBody: 1, feedbackBatchBody: 1, feedbackBatchLines: 1 },
    })
    expectProblem(await post(gateway, '/predict', `{${keys}}`), 'too_many_keys')
  })

  test.each([[null], ['"text"'], [7], [true], [[]], [[inputs]]])('%j is no object', async (body) => {
    await refuse(body, 'invalid_field', '')
  })

  test.each<[string, unknown, ErrorCode, string]>([
    ['no inputs', {}, 'missing_field', ''],
    ['inputs null', { inputs: null }, 'invalid_field', '/inputs'],
    ['inputs a list', { inputs: [row] }, 'invalid_field', '/inputs'],
    ['inputs text', { inputs: 'pixels' }, 'invalid_field', '/inputs'],
    ['an unknown field', { inputs, arm: 'first' }, 'unknown_field', '/arm'],
    ['a field with odd characters', { inputs, 'a/b~c': 1 }, 'unknown_field', '/a~1b~0c'],
    ['constructor', { inputs, constructor: 1 }, 'unknown_field', '/constructor'],
    ['toString', { inputs, toString: 1 }, 'unknown_field', '/toString'],
    ['an endpoint that is no text', { inputs, endpoint: 7 }, 'invalid_field', '/endpoint'],
    ['an endpoint null', { inputs, endpoint: null }, 'invalid_field', '/endpoint'],
    ['an unknown endpoint', { inputs, endpoint: 'spam' }, 'unknown_endpoint', '/endpoint'],
    ['an endpoint named __proto__', { inputs, endpoint: '__proto__' }, 'unknown_endpoint', '/endpoint'],
    ['an id that is no text', { inputs, id: 9 }, 'invalid_field', '/id'],
    ['an empty id', { inputs, id: '' }, 'invalid_field', '/id'],
    ['a long id', { inputs, id: 'x'.repeat(129) }, 'invalid_field', '/id'],
    ['a key that is no text', { inputs, key: {} }, 'invalid_field', '/key'],
    ['a long key', { inputs, key: 'x'.repeat(257) }, 'invalid_field', '/key'],
    ['a context that is no object', { inputs, context: [] }, 'invalid_field', '/context'],
    ['a nested context', { inputs, context: { a: { b: 1 } } }, 'invalid_field', '/context/a'],
    ['a context of null', { inputs, context: { a: null } }, 'invalid_field', '/context/a'],
    ['long text in the context', { inputs, context: { a: 'x'.repeat(257) } }, 'invalid_field', '/context/a'],
  ])('with %s is refused', async (_what, body, code, pointer) => {
    await refuse(body, code, pointer)
  })

  test('with its inputs beside inputs, it is told where they go', () => {
    const parsing = () => parseFields({ pixels: [row] }, new Set(['inputs', 'id']))
    expect(parsing).toThrow('known fields are inputs, id: put it into inputs')
    expect(() => parseFields({ inputs, pixels: [row] }, new Set(['inputs']))).toThrow('take this one out')
  })

  test.each([
    ['__proto__', '{"inputs":{"pixels":[[0,1,2,3]]},"__proto__":{"id":"x"}}', 'unknown_field', '/__proto__'],
    ['1e400', '{"inputs":{"pixels":[[0,1,2,3]]},"context":{"a":1e400}}', 'invalid_field', '/context/a'],
    ['an input __proto__', '{"inputs":{"__proto__":[[0,1,2,3]]}}', 'unknown_input', '/inputs/__proto__'],
  ] as const)(
    'with %s, which JSON.stringify does not write, is refused',
    async (_what, body, code, pointer) => {
      await refuse(body, code, pointer)
    },
  )

  test('may carry a key and a context', async () => {
    const body = { inputs, key: 'user-17', context: { country: 'DE', age: 7, member: true } }
    expect((await post(createTestGateway(), '/predict', body)).status).toBe(200)
  })
})

describe('the endpoint', () => {
  test('must be named when there are several', async () => {
    const gateway = createTestGateway([createFakeEndpoint(), createFakeEndpoint({ name: 'spam' })])
    const answer = await post(gateway, '/predict', { inputs })
    expectProblem(answer, 'missing_field', '')
    expect(answer.body['detail']).toContain('digits, spam')
  })

  test.each(['/predict/spam', '/predict/__proto__', '/predict/constructor', '/predict/%00', '/predict/%ff'])(
    '%s is unknown',
    async (path) => {
      expectProblem(await post(createTestGateway(), path, { inputs }), 'unknown_endpoint')
    },
  )

  test('cannot be two', async () => {
    const gateway = createTestGateway([createFakeEndpoint(), createFakeEndpoint({ name: 'spam' })])
    const answer = await post(gateway, '/predict/digits', { inputs, endpoint: 'spam' })
    expectProblem(answer, 'invalid_field', '/endpoint')
  })
})

describe('the inputs', () => {
  const text: TensorSpec = { name: 'text', datatype: 'BYTES', shape: [-1] }
  const count: TensorSpec = { name: 'count', datatype: 'INT64', shape: [-1] }

  test.each<[string, unknown, ErrorCode, string]>([
    ['none', {}, 'missing_input', '/inputs'],
    ['another name', { pixel: [row] }, 'unknown_input', '/inputs/pixel'],
    ['one too many', { pixels: [row], extra: [1] }, 'unknown_input', '/inputs/extra'],
    ['constructor', { constructor: [row] }, 'unknown_input', '/inputs/constructor'],
    ['null', { pixels: null }, 'invalid_input', '/inputs/pixels'],
    ['an object', { pixels: { data: row } }, 'invalid_input', '/inputs/pixels'],
    ['text among numbers', { pixels: [[0, 1, 2, 'x']] }, 'invalid_input', '/inputs/pixels/0/3'],
    ['null among numbers', { pixels: [row, [0, null, 2, 3]] }, 'invalid_input', '/inputs/pixels/1/1'],
    ['true among numbers', { pixels: [[true, 1, 2, 3]] }, 'invalid_input', '/inputs/pixels/0/0'],
    ['NaN as text', { pixels: [['NaN', 1, 2, 3]] }, 'invalid_input', '/inputs/pixels/0/0'],
    ['more than FP32 holds', { pixels: [[0, 1, 1e39, 3]] }, 'invalid_input', '/inputs/pixels/0/2'],
    ['rows of two lengths', { pixels: [row, [0, 1, 2]] }, 'invalid_input', '/inputs/pixels/1'],
    ['rows too short', { pixels: [[0, 1, 2]] }, 'invalid_input', '/inputs/pixels'],
    ['part of a row', { pixels: [0, 1, 2, 3, 4] }, 'invalid_input', '/inputs/pixels'],
    ['too deep', { pixels: [[row]] }, 'invalid_input', '/inputs/pixels'],
    ['a single number', { pixels: 7 }, 'invalid_input', '/inputs/pixels'],
    ['no rows', { pixels: [] }, 'invalid_input', '/inputs'],
  ])('of %s are refused', async (_what, value, code, pointer) => {
    await refuse({ inputs: value }, code, pointer)
  })

  test('1e400 is no number', async () => {
    await refuse('{"inputs":{"pixels":[[0,1,2,1e400]]}}', 'invalid_input', '/inputs/pixels/0/3')
  })

  test.each([
    ['1.5', '/inputs/count/0'],
    ['9223372036854775808', '/inputs/count/0'],
    ['1e30', '/inputs/count/0'],
    ['1'.repeat(500), '/inputs/count/0'],
    ['"1.5"', '/inputs/count/0'],
  ])('%s is no INT64', async (value, pointer) => {
    await refuse(`{"inputs":{"count":[${value}]}}`, 'invalid_input', pointer, [count])
  })

  test('that do not agree on the number of rows are refused', async () => {
    await refuse({ inputs: { text: ['a', 'b'], count: [1] } }, 'row_mismatch', '/inputs/count', [text, count])
  })

  test('that agree are taken in the order of the signature', async () => {
    const given: Tensor[][] = []
    const arm = createFakeArm('first', (tensors) => {
      given.push([...tensors])
      return labels([1, 2])
    })
    const endpoint = createFakeEndpoint({ arms: [arm], inputs: [text, count] })
    const { status } = await post(createTestGateway([endpoint]), '/predict', {
      inputs: { count: [1, 2], text: ['ä', 'b'] },
    })
    expect(status).toBe(200)
    expect(given[0]!.map(({ name, shape }) => [name, shape])).toEqual([
      ['text', [2]],
      ['count', [2]],
    ])
  })
})
