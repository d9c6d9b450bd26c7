import { expect, test } from 'vitest'
import type { UpstreamError } from '../../../../gateway/upstream/errors.ts'
import { createLane, type Lane } from '../../../../gateway/upstream/calls/lane.ts'
import { rows } from '../fixtures/fake-replica.ts'
import { createHarness } from '../fixtures/harness.ts'
import { settle } from '../fixtures/manual-clock.ts'

async function open(replicas = 1) {
  const harness = await createHarness({ replicas, maxBatch: 1 })
  const { upstream, clock } = harness
  const ask = (lane: Lane, timeoutMs = 1000) =>
    upstream.infer(rows([1, 0]), clock.now() + timeoutMs, undefined, lane).then(
      () => 'answered',
      ({ code, wasAsked }: UpstreamError) => `${code}${wasAsked ? '' : ', unasked'}`,
    )
  return { ...harness, ask }
}

test('an endpoint has so many calls waiting and no more, and another one has its own', async () => {
  const { replicas, ask } = await open()
  const [lane, other] = [createLane(2), createLane(2)]
  const all = [ask(lane), ask(lane), ask(lane)]
  expect(lane.waiting).toBe(2)
  expect(await ask(lane)).toBe('overloaded, unasked')
  all.push(ask(other))
  expect([lane.waiting, other.waiting]).toEqual([2, 1])
  for (let batch = 0; batch < 4; batch++) {
    replicas[0]!.batches[batch]!.answer()
    await settle()
  }
  expect(await Promise.all(all)).toEqual(['answered', 'answered', 'answered', 'answered'])
  expect([lane.waiting, other.waiting]).toEqual([0, 0])
})

test('a call that need not wait is let through whatever waits elsewhere', async () => {
  const { replicas, ask } = await open()
  const lane = createLane(1)
  lane.waiting = 1
  const answer = ask(lane)
  replicas[0]!.batches[0]!.answer()
  expect(await answer).toBe('answered')
})

test('whichever way a call leaves the queue, its place is free again', async () => {
  const { clock, replicas, ask, upstream } = await open()
  const lane = createLane(8)
  const running = ask(lane)
  const late = ask(lane, 50)
  let leave = () => {}
  const gone = upstream
    .infer(rows([1, 0]), clock.now() + 1000, { onGone: (callback) => (leave = callback) }, lane)
    .catch(({ code }: UpstreamError) => code)
  const stranded = ask(lane)
  expect(lane.waiting).toBe(3)
  leave()
  leave()
  expect([await gone, lane.waiting]).toEqual(['abandoned', 2])
  await clock.advance(50)
  expect([await late, lane.waiting]).toEqual(['timeout, unasked', 1])
  void upstream.replicaGone(0)
  expect([await stranded, lane.waiting]).toEqual(['unreachable, unasked', 0])
  replicas[0]!.batches[0]!.answer()
  expect(await running).toBe('answered')
})

test('second tries are taken from the budget of the endpoint that asks', async () => {
  const { replicas, ask } = await open(2)
  const lane = createLane(8)
  for (let spent = 0; spent < 3; spent++) lane.budget.take()
  const poor = ask(lane)
  replicas[1]!.batches.at(-1)?.fail('unreachable')
  replicas[0]!.batches.at(-1)?.fail('unreachable')
  expect(await poor).toBe('unreachable')
})
