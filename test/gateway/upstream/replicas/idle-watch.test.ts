import { expect, test } from 'vitest'
import { createHarness } from '../fixtures/harness.ts'
import { settle } from '../fixtures/manual-clock.ts'

test('a replica that freezes while it is idle is found out by its third missed ping, and killed', async () => {
  const { replicas, clock, upstream, changes, stuck, call } = await createHarness({ replicas: 2 })
  replicas[1]!.health = 'ill'
  await clock.advance(2_999)
  expect([changes, stuck]).toEqual([[], []])
  await clock.advance(1)
  expect([changes, stuck]).toEqual([['1 suspect'], [1]])
  expect(upstream.available()).toBe(true)

  for (let asked = 0; asked < 3; asked++) {
    const answer = call([asked])
    await settle()
    replicas[0]!.batches.at(-1)!.answer()
    expect(await answer).toEqual([asked])
  }
  expect(replicas[1]!.batches).toEqual([])
})

test('a miss or two are nothing, and nor is what happens while it works', async () => {
  const { replicas, clock, changes, stuck, call } = await createHarness()
  const [replica] = replicas
  for (let turn = 0; turn < 5; turn++) {
    replica!.health = 'ill'
    await clock.advance(2_000)
    replica!.health = 'well'
    await clock.advance(1_000)
  }
  replica!.health = 'ill'
  const long = call([1], 20_000)
  await clock.advance(10_000)
  replica!.health = 'well'
  replica!.batches[0]!.answer()
  expect(await long).toEqual([1])
  expect([changes, stuck]).toEqual([[], []])
})

test('a replica that is gone is asked nothing more', async () => {
  const { replicas, clock, upstream } = await createHarness()
  void upstream.replicaGone(0)
  const { probes } = replicas[0]!
  await clock.advance(10_000)
  expect(replicas[0]!.probes).toBe(probes)
})
