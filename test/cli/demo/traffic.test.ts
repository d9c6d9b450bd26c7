import { onTestFinished, expect, test } from 'vitest'
import { createFeedbackSender } from '../../../cli/demo/feedback-sender.ts'
import { createGatewayClient } from '../../../cli/demo/gateway-client.ts'
import { createRandom } from '../../../cli/demo/random.ts'
import type { PlannedFeedback } from '../../../cli/demo/stream.ts'
import { Tally } from '../../../cli/demo/tally.ts'
import { sendTraffic } from '../../../cli/demo/traffic.ts'
import { demoRequests } from '../../fixtures/demo-requests.ts'
import { openFakeGateway } from '../../fixtures/fake-gateway.ts'

const setUp = async (total: number, arms = ['network', 'tree']) => {
  const gateway = await openFakeGateway()
  const client = createGatewayClient(gateway.origin, 'digits')
  onTestFinished(async () => {
    await client.close()
    await gateway.close()
  })
  const tally = new Tally(arms, total)
  const stop = new AbortController()
  const deps = { client, tally, random: createRandom(1, 'retry'), signal: stop.signal }
  const feedback = createFeedbackSender(deps)
  const run = async (planned: Partial<PlannedFeedback> = {}, perSecond = 1_000) => {
    await sendTraffic(demoRequests(total, planned), perSecond, { ...deps, feedback })
    await feedback.drained()
  }
  return { gateway, tally, stop, run, feedback }
}

test('every request is sent once and every label comes back once', async () => {
  const { gateway, tally, run, feedback } = await setUp(40)
  await run()
  expect(gateway.predictions.length).toBe(40)
  expect(tally.requests).toEqual({ sent: 40, answered: 40, failed: 0, retried: 0, unrecorded: 0 })
  expect(tally.armCounts(0, 40)).toEqual([
    { answered: 40, right: 40 },
    { answered: 0, right: 0 },
  ])
  expect(gateway.applied.size).toBe(40)
  expect(tally.acknowledgedByArm()).toEqual([40, 0])
  expect(feedback.waiting()).toBe(0)
})

test('requests go out at their rate, not as fast as they are answered', async () => {
  const { run } = await setUp(20)
  const startedAt = performance.now()
  await run({}, 100)
  expect(performance.now() - startedAt).toBeGreaterThan(185)
})

test('a planned duplicate is posted again under the same event id and acknowledged as what it is', async () => {
  const { gateway, tally, run } = await setUp(10)
  await run({ duplicateAfterMs: 5 })
  expect(gateway.posts.length).toBe(20)
  expect(new Set(gateway.posts.map(({ events }) => events[0]!.event_id))).toEqual(new Set(['label']))
  expect(tally.feedback.outcomes).toEqual(
    new Map([
      ['applied', 10],
      ['duplicate', 10],
    ]),
  )
  expect(tally.feedback.acknowledged).toBe(10)
})

test('labels planned for batches go as NDJSON, several a post', async () => {
  const { gateway, tally, run } = await setUp(150)
  await run({ batched: true }, 2_000)
  expect(gateway.posts.every(({ type }) => type === 'application/x-ndjson')).toBe(true)
  expect(gateway.posts.every(({ events }) => events.length <= 100)).toBe(true)
  expect(gateway.posts.length).toBeLessThan(10)
  expect(tally.feedback.batches).toBe(gateway.posts.length)
  expect(tally.feedback.acknowledged).toBe(150)
})

test('a broken connection and a 503 are tried again and are not failures', async () => {
  const { gateway, tally, run } = await setUp(5)
  gateway.trouble('/predict/digits', ['reset before', 'unavailable', 'reset before'])
  await run()
  expect(tally.requests).toMatchObject({ answered: 5, failed: 0, retried: 3 })
  expect(tally.feedback.acknowledged).toBe(5)
})

test('a refusal is a failure, counted by its code, and has no label to send', async () => {
  const { gateway, tally, run } = await setUp(3)
  gateway.trouble('/predict/digits', ['broken'])
  await run()
  expect(tally.requests).toMatchObject({ answered: 2, failed: 1, retried: 0 })
  expect(tally.failures).toEqual(new Map([['internal', 1]]))
  expect(tally.feedback.acknowledged).toBe(2)
})

test('a label whose answer got lost is posted again, and its decision counts once', async () => {
  const { gateway, tally, run } = await setUp(1)
  gateway.trouble('/feedback', ['reset after', 'unavailable'])
  await run()
  expect(gateway.applied.size).toBe(1)
  expect(tally.feedback).toMatchObject({ acknowledged: 1, retried: 2 })
  expect(tally.feedback.outcomes).toEqual(new Map([['duplicate', 1]]))
})

test('lines of a batch that the store could not take go round again, refused ones do not', async () => {
  const { gateway, tally, run } = await setUp(4)
  gateway.refuseLines([undefined, 'store_unavailable', 'late', undefined])
  await run({ batched: true }, 2_000)
  expect(gateway.applied.size).toBe(3)
  expect(tally.feedback.acknowledged).toBe(3)
  expect(tally.feedback.outcomes).toEqual(
    new Map([
      ['applied', 3],
      ['late', 1],
    ]),
  )
})

test('a batch that nobody answered is sent again as a whole', async () => {
  const { gateway, tally, run } = await setUp(4)
  gateway.trouble('/feedback', ['reset after'])
  await run({ batched: true }, 2_000)
  expect(gateway.posts.length).toBe(2)
  expect(tally.feedback.acknowledged).toBe(4)
  expect(tally.feedback.outcomes.get('duplicate')).toBe(4)
})

test('an answer by an arm that the gateway never listed ends the run', async () => {
  const { run } = await setUp(1, ['tree'])
  await expect(run()).rejects.toThrow('an arm that it did not list: network')
})

test('a stop ends traffic and labels at once', async () => {
  const { run, stop } = await setUp(1_000)
  const startedAt = performance.now()
  setTimeout(() => stop.abort(), 50)
  await expect(run({ delayMs: 60_000 }, 100)).rejects.toThrow('aborted')
  expect(performance.now() - startedAt).toBeLessThan(1_000)
})
