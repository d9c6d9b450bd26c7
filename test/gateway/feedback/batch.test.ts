import { describe, expect, test } from 'vitest'
import { StoreUnavailable, type FeedbackStatus } from '../../../bandit/index.ts'
import { createTestGateway, post, type TestGateway } from '../../fixtures/gateway-app.ts'
import { expectProblem } from '../../fixtures/problem.ts'

const ndjson = { 'content-type': 'application/x-ndjson' }

/** The learner answers each feedback with the status that its prediction id names. */
function gatewayByStatus(): TestGateway {
  const gateway = createTestGateway()
  gateway.learner.answer = ({ predictionId }) => {
    if (predictionId === 'away') throw new StoreUnavailable('no connection to redis://10.0.0.1')
    if (predictionId === 'broken') throw new TypeError('undefined is not a function')
    return { status: predictionId as FeedbackStatus, detail: 'why, and how to mend it' }
  }
  return gateway
}

const line = (id: string): string => JSON.stringify({ prediction_id: id, reward: 1 })

describe.each([
  ['NDJSON', ndjson, (lines: readonly string[]) => lines.join('\n')],
  ['a JSON array', {}, (lines: readonly string[]) => `[${lines.join(',')}]`],
])('%s', (_kind, headers, join) => {
  test('is reported by counts and by each refused line, in order', async () => {
    const ids = [
      'applied',
      'late',
      'applied',
      'duplicate',
      'forged',
      'corrected',
      'unknown',
      'invalid',
      'away',
    ]
    const { status, body } = await post(gatewayByStatus(), '/feedback', join(ids.map(line)), headers)
    expect(status).toBe(200)
    const detail = 'why, and how to mend it'
    expect(body).toEqual({
      counts: {
        applied: 2,
        duplicate: 1,
        corrected: 1,
        late: 1,
        forged: 1,
        unknown: 1,
        invalid: 1,
        store_unavailable: 1,
      },
      refused: [
        { line: 2, status: 410, code: 'late_feedback', detail },
        { line: 5, status: 403, code: 'forged_prediction_id', detail },
        { line: 7, status: 404, code: 'unknown_prediction', detail },
        { line: 8, status: 422, code: 'invalid_feedback', detail },
        { line: 9, status: 503, code: 'store_unavailable', detail: expect.stringContaining('send it again') },
      ],
    })
  })

  test('loses no line to a bad one among them', async () => {
    const lines = [line('applied'), '{"prediction_id":"x","reward":"2"}', '7', line('applied')]
    const gateway = gatewayByStatus()
    const { status, body } = await post(gateway, '/feedback', join(lines), headers)
    expect(status).toBe(200)
    expect(body).toEqual({
      counts: { applied: 2, invalid: 2 },
      refused: [
        { line: 2, status: 422, code: 'invalid_field', detail: expect.any(String), pointer: '/reward' },
        { line: 3, status: 422, code: 'invalid_field', detail: expect.any(String), pointer: '' },
      ],
    })
    expect(gateway.learner.learned).toHaveLength(2)
  })

  test('is a 503 when the store was away for all of it', async () => {
    const body = join([line('away'), '{}', line('away')])
    const answer = await post(gatewayByStatus(), '/feedback', body, headers)
    expectProblem(answer, 'store_unavailable')
    expect(answer.headers.get('retry-after')).toBe('1')
  })

  test('logs a fault of ours once', async () => {
    const gateway = gatewayByStatus()
    const { status, body } = await post(gateway, '/feedback', join([line('broken'), line('broken')]), headers)
    expect([status, body['counts']]).toEqual([200, { internal: 2 }])
    expect(JSON.stringify(body)).not.toContain('undefined is not')
    expect(gateway.log.filter(({ level }) => level === 50)).toHaveLength(1)
  })

  test('has at most as many lines as it may', async () => {
    const gateway = gatewayByStatus()
    const most = Array.from({ length: 20 }, () => line('applied'))
    expect((await post(gateway, '/feedback', join(most), headers)).body).toEqual({
      counts: { applied: 20 },
      refused: [],
    })
    const answer = await post(gateway, '/feedback', join([...most, line('applied')]), headers)
    expectProblem(answer, 'too_many_lines')
    expect(gateway.learner.learned).toHaveLength(20)
  })

  test('has at least one line', async () => {
    expectProblem(await post(gatewayByStatus(), '/feedback', join([]), headers), 'missing_field', '')
  })

  test('is applied at once, not line after line', async () => {
    const gateway = createTestGateway()
    let waiting = 0
    let together = 0
    gateway.learner.learn = async () => {
      together = Math.max(together, ++waiting)
      await new Promise(setImmediate)
      waiting--
      return { status: 'applied' }
    }
    await post(gateway, '/feedback', join(Array.from({ length: 20 }, () => line('applied'))), headers)
    expect(together).toBe(20)
  })
})

describe('NDJSON', () => {
  test('may end in a newline, have blank lines and come from Windows', async () => {
    const body = `\n${line('applied')}\r\n  \r\n\n${line('late')}\n`
    const answer = await post(gatewayByStatus(), '/feedback', body, ndjson)
    expect(answer.body).toMatchObject({ counts: { applied: 1, late: 1 }, refused: [{ line: 5 }] })
  })

  test('names the lines that are no JSON, or nested too deeply', async () => {
    const body = [line('applied'), '{"prediction_id":', '['.repeat(40), '\u{feff}{}', line('applied')].join(
      '\n',
    )
    const answer = await post(gatewayByStatus(), '/feedback', body, ndjson)
    expect(answer.body).toMatchObject({
      counts: { applied: 2, invalid: 3 },
      refused: [
        { line: 2, status: 400, code: 'malformed_json' },
        { line: 3, status: 400, code: 'too_deep' },
        { line: 4, status: 400, code: 'malformed_json' },
      ],
    })
  })

  test.each(['application/x-ndjson', 'application/ndjson', 'application/jsonl; charset=utf-8'])(
    'is called %s',
    async (type) => {
      const answer = await post(gatewayByStatus(), '/feedback', line('applied'), { 'content-type': type })
      expect(answer.body).toEqual({ counts: { applied: 1 }, refused: [] })
    },
  )
})
