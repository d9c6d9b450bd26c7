import { expect, test } from 'vitest'
import type { FeedbackOutcome } from '../../../bandit/index.ts'
import { createParking, parkedAtMost, parkedMs } from '../../../gateway/feedback/parking.ts'
import { createFakeEndpoint } from '../../fixtures/fake-endpoint.ts'
import { createFakeLearner, createTestGateway, post } from '../../fixtures/gateway-app.ts'

const unknown: FeedbackOutcome = { status: 'unknown' }

function open() {
  const learner = createFakeLearner()
  const settled: FeedbackOutcome[] = []
  let now = 0
  const parking = createParking({
    learner,
    endpoints: new Set(['digits']),
    clock: () => now,
    settled: (outcome) => void settled.push(outcome),
  })
  learner.answer = () => unknown
  const gateway = createTestGateway([createFakeEndpoint()], { learner, parking })
  const send = (body: object) => post(gateway, '/feedback', body)
  return { learner, settled, parking, gateway, send, pass: (ms: number) => void (now += ms) }
}

const early = { endpoint: 'digits', id: 'order-9', reward: 1 }

test('feedback that overtakes its prediction is parked, and applied when the prediction is there', async () => {
  const { learner, settled, parking, send, pass } = open()
  expect(await send(early)).toMatchObject({ status: 202, body: { status: 'parked' } })
  pass(1000)
  await parking.retry()
  expect(settled).toEqual([])

  learner.answer = () => ({ status: 'applied', endpoint: 'digits', arm: 'first', reward: 1 })
  await parking.retry()
  await parking.retry()
  expect(settled).toEqual([expect.objectContaining({ status: 'applied', reward: 1 })])
  expect(learner.learned).toHaveLength(3)
})

test('a prediction that never comes is unknown in the end', async () => {
  const { settled, parking, send, pass } = open()
  await send(early)
  pass(parkedMs)
  await parking.retry()
  expect(settled).toEqual([])
  pass(1)
  await parking.retry()
  expect(settled).toEqual([unknown])
})

test('it waits for a store that is away', async () => {
  const { learner, settled, parking, send } = open()
  await send(early)
  learner.answer = () => {
    throw new Error('away')
  }
  await parking.retry()
  expect(settled).toEqual([])
  learner.answer = () => ({ status: 'applied' })
  await parking.retry()
  expect(settled).toEqual([{ status: 'applied' }])
})

test('a signed id waits for nothing, nor does an endpoint that is none, nor what finds no room', async () => {
  const { send, gateway, parking } = open()
  expect((await send({ prediction_id: 'p', reward: 1 })).status).toBe(404)
  expect((await send({ ...early, endpoint: 'letters' })).status).toBe(404)
  const lines = [early, { ...early, id: 'order-10' }, { prediction_id: 'p', reward: 1 }]
  const batch = await post(gateway, '/feedback', lines)
  expect(batch.body).toMatchObject({ counts: { parked: 2, unknown: 1 } })
  const feedback = (id: string) => ({ callerId: { endpoint: 'digits', id }, reward: 1, eventId: '' })
  for (let n = 2; n < parkedAtMost; n++) expect(parking.park(feedback(`order-${n}`))).toBe(true)
  expect(parking.park(feedback('one too many'))).toBe(false)
  expect((await send(early)).status).toBe(404)
})
