import { expect, test } from 'vitest'
import { createConsole } from '../../../gateway/console/console.ts'
import { createFakeEndpoint } from '../../fixtures/fake-endpoint.ts'
import { createTestGateway, get } from '../../fixtures/gateway-app.ts'
import { holdToDocument } from '../../fixtures/openapi.ts'

// The fixtures hold every other answer of the unit and end-to-end tests to the document.

test('what the console is told is as documented', async () => {
  const endpoint = createFakeEndpoint()
  const endpoints = new Map([[endpoint.name, endpoint]])
  const console = createConsole({ endpoints, workers: () => [], clock: () => 1_000_000 })
  const decision = { ...endpoint.agent.decide('a key')! }
  console.decided(decision, { failedOver: false })
  console.happened({
    id: 'one',
    at: 1,
    kind: 'arm_paused',
    endpoint: 'digits',
    arm: 'first',
    detail: 'it is',
  })
  const { body } = await get(createTestGateway([endpoint], { console }), '/console/data')
  expect(body).toMatchObject({ endpoints: [{ decisions: [{ arm: 'first' }], events: [{ id: 'one' }] }] })
})

test('what drift is measured against is as documented', async () => {
  const references = {
    first: {
      input: { pixels: { bins: { kind: 'number', edges: [0, 1] } as const, counts: [1, 2, 3] } },
      output: { label: { bins: { kind: 'category', categories: ['7'] } as const, counts: [1, 0] } },
    },
  }
  const monitor = { drift: { references: () => references, view: () => [] } }
  const endpoint = { ...createFakeEndpoint(), monitor: monitor as never }
  expect((await get(createTestGateway([endpoint]), '/endpoints/digits/drift')).body).toEqual(references)
})

const answer = {
  method: 'POST',
  address: '/feedback',
  status: 202,
  contentType: 'application/json',
  text: '{"status":"parked"}',
}

test.each([
  ['another status', { status: 201 }, /not foreseen/],
  ['another type', { contentType: 'text/plain' }, /not foreseen as/],
  ['a field more', { text: '{"status":"parked","why":1}' }, /must NOT have additional/],
  ['another word', { text: '{"status":"lost"}' }, /must be equal to one of/],
  [
    'a code of another route',
    {
      status: 404,
      contentType: 'application/problem+json',
      text: '{"type":"urn:bandit:error:unknown_arm","title":"","status":404,"detail":"","code":"unknown_arm"}',
    },
    /must be equal to one of/,
  ],
])('an answer with %s is found', (_, change, message) => {
  expect(() => holdToDocument(answer)).not.toThrow()
  expect(() => holdToDocument({ ...answer, ...change })).toThrow(message)
})
