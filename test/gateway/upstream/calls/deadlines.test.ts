import { expect, test } from 'vitest'
import type { UpstreamError } from '../../../../gateway/upstream/errors.ts'
import { rows } from '../fixtures/fake-replica.ts'
import { createHarness } from '../fixtures/harness.ts'
import { settle, soFar } from '../fixtures/manual-clock.ts'

test('a call that waits is dropped at its deadline and never sent', async () => {
  const { replicas, call, clock } = await createHarness()
  const running = call([1], 1_000)
  const waiting = call([2], 100)
  const patient = call([3], 500)
  await clock.advance(99)
  expect(await soFar(waiting)).toBe('waits')
  await clock.advance(1)
  expect(await soFar(waiting)).toBe('timeout')

  replicas[0]!.batches[0]!.answer()
  await settle()
  expect(replicas[0]!.batches[1]!.rows).toBe(1)
  replicas[0]!.batches[1]!.answer()
  expect(await Promise.all([running, patient])).toEqual([[1], [3]])
})

test('a call whose deadline comes during its batch is answered then, and the batch goes on for the others', async () => {
  const { replicas, call, clock, finished } = await createHarness()
  const first = call([1])
  const hasty = call([2], 50)
  const patient = call([3], 200)
  replicas[0]!.batches[0]!.answer()
  await first
  const batch = replicas[0]!.batches[1]!
  expect(batch.rows).toBe(2)

  await clock.advance(50)
  expect(await soFar(hasty)).toBe('timeout')
  expect(batch.signal.aborted).toBe(false)
  await clock.advance(10)
  batch.answer()
  expect(await patient).toEqual([3])
  expect(finished).toEqual(['answered 0 ms', 'timeout 50 ms', 'answered 60 ms'])
})

test('a batch is aborted when the last of its deadlines has come', async () => {
  const { replicas, call, clock } = await createHarness()
  const first = call([1])
  const results = [call([2], 50), call([3], 80)]
  replicas[0]!.batches[0]!.answer()
  await first
  await clock.advance(79)
  expect(replicas[0]!.batches[1]!.signal.aborted).toBe(false)
  await clock.advance(1)
  expect(replicas[0]!.batches[1]!.signal.aborted).toBe(true)
  expect(await Promise.all(results)).toEqual(['timeout', 'timeout'])
})

test('an exact call goes by itself, waits for long, and hangs no longer than others may', async () => {
  const { replicas, call, clock } = await createHarness()
  const first = call([1], 10_000, { runMs: 100 })
  const waiting = [call([2], 10_000, { runMs: 100 }), call([3], 10_000)]
  await clock.advance(90)
  replicas[0]!.batches[0]!.answer()
  expect(await first).toEqual([1])
  expect(replicas[0]!.batches[1]!.rows).toBe(1)

  await clock.advance(99)
  expect(replicas[0]!.batches[1]!.signal.aborted).toBe(false)
  await clock.advance(1)
  expect(replicas[0]!.batches[1]!.signal.aborted).toBe(true)
  expect(await waiting[0]).toBe('timeout')
  expect(await soFar(waiting[1]!)).toBe('waits')
})

test('a call whose deadline has passed is not sent at all', async () => {
  const { replicas, call } = await createHarness()
  expect(await call([1], 0)).toBe('timeout')
  expect(replicas[0]!.batches).toHaveLength(0)
})

test('all deadlines together stand on one timer, which is gone when nothing waits', async () => {
  const { replicas, call, clock } = await createHarness({ queueLimit: 100 })
  const before = clock.pending
  const results = Array.from({ length: 50 }, (_, i) => call([i], 1_000 + i))
  expect(clock.pending).toBe(before + 1)
  while (replicas[0]!.batches.length < 8) {
    replicas[0]!.batches.at(-1)!.answer()
    await settle()
  }
  replicas[0]!.batches.at(-1)!.answer()
  expect(await Promise.all(results)).toEqual(Array.from({ length: 50 }, (_, i) => [i]))
  await clock.advance(1_000)
  expect(clock.pending).toBe(before)
})

test('one call more than may wait is overloaded at once', async () => {
  const { replicas, call, queued, upstream } = await createHarness({ queueLimit: 2 })
  const results = [call([1]), call([2]), call([3])]
  expect(await call([4])).toBe('overloaded')
  expect(upstream.available()).toBe(true)
  expect(queued).toEqual([0, 0, 1, 2])

  replicas[0]!.batches[0]!.answer()
  await settle()
  expect(queued.at(-1)).toBe(0)
  replicas[0]!.batches[1]!.answer()
  expect(await Promise.all(results)).toEqual([[1], [2], [3]])
})

test('a caller that leaves while its call waits gives up its place in the queue, and is no fault', async () => {
  const { upstream, clock, replicas, call, queued } = await createHarness()
  const running = call([1])
  let leave = () => {}
  const left = upstream
    .infer(rows([2, 0]), clock.now() + 1000, { onGone: (callback) => (leave = callback) })
    .catch((error: UpstreamError) => error.code)
  expect(queued.at(-1)).toBe(1)
  leave()
  expect(await left).toBe('abandoned')
  const [replica] = replicas
  replica!.batches[0]!.answer()
  expect(await running).toEqual([1])
  await settle()
  expect(replica!.batches).toHaveLength(1)
  expect(upstream.available()).toBe(true)
})

test('while the only replica is late, who has nobody else to ask waits for its next probe', async () => {
  const { upstream, clock, replicas, call } = await createHarness()
  const [replica] = replicas
  replica!.health = 'ill'
  const late = call([1], 100)
  await clock.advance(100)
  expect(await late).toBe('timeout')
  // The first probe has failed: it hangs, and nobody is kept.
  expect([upstream.available(), upstream.wake()]).toEqual([false, false])
  expect(await call([2])).toBe('unreachable')

  replica!.health = 'well'
  await clock.advance(1000)
  const probe = Promise.withResolvers<boolean>()
  replica!.ready = () => probe.promise
  const again = call([3], 100)
  await clock.advance(100)
  expect(await again).toBe('timeout')
  expect([upstream.available(), upstream.wake()]).toEqual([false, true])
  const waiting = call([4])
  expect(await soFar(waiting)).toBe('waits')
  probe.resolve(true)
  await settle()
  replica!.batches.at(-1)!.answer()
  expect(await waiting).toEqual([4])
})

test('a replica is told how long the last of a batch waits', async () => {
  const { replicas, call, clock } = await createHarness()
  const first = call([1], 300)
  const others = [call([2], 500), call([3], 800)]
  await clock.advance(100)
  replicas[0]!.batches[0]!.answer()
  await first
  expect(replicas[0]!.batches.map(({ timeoutMs }) => timeoutMs)).toEqual([300, 700])
  replicas[0]!.batches[1]!.answer()
  await Promise.all(others)
})
