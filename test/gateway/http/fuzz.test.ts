import fc from 'fast-check'
import { expect, test } from 'vitest'
import { errorCatalogue, type ErrorCode } from '../../../gateway/errors.ts'
import { createFakeEndpoint, pixels } from '../../fixtures/fake-endpoint.ts'
import { createTestGateway } from '../../fixtures/gateway-app.ts'

/** Sound values with odd ones among them, so that the fuzz gets past the first check. */
const odd = fc.oneof(
  fc.jsonValue(),
  fc.constantFrom(
    '__proto__',
    'constructor',
    'digits',
    -0,
    1e308,
    '9007199254740993',
    '\u0000',
    '\ud800',
    [],
  ),
)
const number = fc.oneof({ weight: 9, arbitrary: fc.double({ noNaN: true }) }, { weight: 1, arbitrary: odd })
const row = fc.oneof(
  { weight: 5, arbitrary: fc.array(number, { minLength: 4, maxLength: 4 }) },
  { weight: 1, arbitrary: odd },
)
const tensor = fc.oneof(
  { weight: 5, arbitrary: fc.array(row, { maxLength: 3 }) },
  { weight: 1, arbitrary: odd },
)

function mostly<T>(sound: fc.Arbitrary<T>): fc.Arbitrary<unknown> {
  return fc.oneof({ weight: 6, arbitrary: sound }, { weight: 1, arbitrary: odd })
}

const prediction = fc.oneof(
  odd,
  fc.record(
    {
      inputs: mostly(fc.record({ pixels: mostly(tensor) })),
      endpoint: mostly(fc.constant('digits')),
      id: mostly(fc.string()),
      key: mostly(fc.string()),
      context: mostly(fc.dictionary(fc.string(), fc.string())),
    },
    { requiredKeys: [] },
  ),
)

const feedback = fc.oneof(
  odd,
  fc.record(
    {
      prediction_id: mostly(fc.string()),
      endpoint: mostly(fc.constant('digits')),
      id: mostly(fc.string()),
      reward: mostly(fc.double({ min: 0, max: 1, noNaN: true })),
      label: odd,
      event_id: mostly(fc.string()),
      at: mostly(fc.constant('1970-01-01T00:00:00Z')),
    },
    { requiredKeys: [] },
  ),
)

/** JSON as it should be, and with a bit of it spoilt. */
const spoilt = (text: fc.Arbitrary<string>): fc.Arbitrary<string> =>
  fc.oneof(
    { weight: 4, arbitrary: text },
    fc
      .tuple(text, fc.nat(), fc.constantFrom('', '"', '[', '}', '\\', '\n', '1e999', '\u{feff}'))
      .map(([whole, at, change]) => {
        const place = at % (whole.length + 1)
        return whole.slice(0, place) + change + whole.slice(place + 1)
      }),
  )

const json = (value: fc.Arbitrary<unknown>): fc.Arbitrary<string> =>
  spoilt(value.map((each) => JSON.stringify(each) ?? ''))
const lines = spoilt(
  fc.array(feedback, { maxLength: 5 }).map((each) => each.map((line) => JSON.stringify(line)).join('\n')),
)

const request = fc.oneof(
  fc.record({
    path: fc.constantFrom('/predict', '/predict/digits', '/predict/spam'),
    body: json(prediction),
  }),
  fc.record({ path: fc.constant('/feedback'), body: json(fc.oneof(feedback, fc.array(feedback))) }),
  fc.record({ path: fc.constant('/feedback'), body: lines, type: fc.constant('application/x-ndjson') }),
  fc.record({ path: fc.webPath(), body: fc.string() }),
)

const wide = { ...pixels, shape: [-1, -1] }

test('no body gets anything but an answer or a problem of the caller', async () => {
  // Endpoints with a fixed and with a free width, so that more of the odd shapes are let in.
  for (const inputs of [[pixels], [wide]]) {
    const { app, log } = createTestGateway([createFakeEndpoint({ inputs })])
    await fc.assert(
      fc.asyncProperty(request, async ({ path, body, ...rest }) => {
        const type = 'type' in rest ? rest.type : 'application/json'
        const response = await app.request(path, { method: 'POST', body, headers: { 'content-type': type } })
        const answer = (await response.json()) as { code: ErrorCode; status: number; detail: string }
        expect(response.status).toBeLessThan(500)
        if (response.status === 200) return
        expect(response.headers.get('content-type')).toBe('application/problem+json')
        expect(response.status).toBe(answer.status)
        expect(answer).toMatchObject(errorCatalogue[answer.code])
        expect(answer.detail.length).toBeLessThan(600)
      }),
      { numRuns: 500 },
    )
    expect(log.filter(({ level }) => Number(level) >= 50)).toEqual([])
  }
})
