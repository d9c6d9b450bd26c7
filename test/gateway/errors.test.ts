import { describe, expect, test } from 'vitest'
import { StoreUnavailable } from '../../bandit/index.ts'
import {
  errorCatalogue,
  GatewayError,
  toGatewayError,
  toProblem,
  type ErrorCode,
} from '../../gateway/errors.ts'

const codes = Object.keys(errorCatalogue) as ErrorCode[]

test.each(codes)('%s has a status of an error and a title of one sentence', (code) => {
  const { status, title } = errorCatalogue[code]
  expect(code).toMatch(/^[a-z]+(_[a-z]+)*$/)
  expect(status >= 400 && status < 600).toBe(true)
  expect(title).toMatch(/^[A-Z][^.]{9,}$/)
})

describe('a problem document', () => {
  test('says what, where and how to mend it', () => {
    const error = new GatewayError('invalid_field', 'expected a number', { pointer: '/reward' })
    expect(toProblem(error, 'r-1')).toEqual({
      type: 'urn:bandit:error:invalid_field',
      title: 'A field has the wrong type or value',
      status: 422,
      detail: 'expected a number',
      code: 'invalid_field',
      pointer: '/reward',
      request_id: 'r-1',
    })
  })

  test('leaves out what is not known', () => {
    expect(Object.keys(toProblem(new GatewayError('not_ready', 'wait'))).toSorted()).toEqual([
      'code',
      'detail',
      'status',
      'title',
      'type',
    ])
  })
})

describe('whatever is thrown', () => {
  test('that is ours stays as it is', () => {
    const error = new GatewayError('not_ready', 'wait')
    expect(toGatewayError(error)).toBe(error)
  })

  test.each([
    new Error('boom'),
    new TypeError('undefined'),
    'text',
    undefined,
    { code: 'store_unavailable' },
  ])('%s is internal, and kept as the cause', (thrown) => {
    const error = toGatewayError(thrown)
    expect([error.code, error.status, error.cause]).toEqual(['internal', 500, thrown])
    expect(error.detail).not.toMatch(/boom|undefined/)
  })

  test('from a store that is away may be sent again', () => {
    const cause = new StoreUnavailable('connect ECONNREFUSED 10.0.0.1')
    const error = toGatewayError(cause)
    expect([error.code, error.headers, error.cause]).toEqual([
      'store_unavailable',
      { 'retry-after': '1' },
      cause,
    ])
    expect(error.detail).not.toContain('10.0.0.1')
  })
})
