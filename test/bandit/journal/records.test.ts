import { expect, test } from 'vitest'
import { newJournal } from './fixture.ts'
import { about, windowMs } from './shop.ts'
import { createWorld, decisionOf } from './world.ts'

const [first, second] = [decisionOf(1), decisionOf(2, 'b')]
const label = { label: [7] }

test('what was predicted while the store was away is scored by labels, that of shadows too', async () => {
  const world = await createWorld('label')
  world.failing = 'before'
  await world.record(first, label)
  await world.recordShadows(first, { 'model:next': [3] })
  expect(await world.learn(about(first, { label: 7 }))).toEqual({ status: 'journalled' })
  await world.turn()
  expect(world.journal().state()).toMatchObject({ unsettled: 1, records: 2 })

  world.failing = 'no'
  await world.turn()
  expect(world.replayed).toMatchObject([{ status: 'applied', reward: 1 }])
  expect(await world.sums()).toEqual({ a: [1, 1] })
  expect(await world.observed()).toEqual({ 'model:next': [1, 0] })
  expect(world.told).toEqual(['away', 'drained 1 and 2 records'])
  expect(world.journal().state()).toMatchObject({ unsettled: 0, records: 0 })
  expect(await world.learn(about(first, { label: 7 }))).toMatchObject({ status: 'duplicate' })
})

test('a shadow that answers after the store has gone is scored when it is back', async () => {
  const world = await createWorld('label')
  await world.record(first, label)
  world.failing = 'before'
  await world.recordShadows(first, { 'model:next': [7] })
  world.failing = 'no'
  await world.turn()
  expect(await world.learn(about(first, { label: 7 }))).toMatchObject({ status: 'applied' })
  expect(await world.observed()).toEqual({ 'model:next': [1, 1] })
})

test('feedback never comes to the store before the record that it is judged by', async () => {
  const world = await createWorld('label')
  world.failing = 'before'
  await world.record(first, label)
  world.failing = 'no'
  // The store is there again, and nobody has looked yet.
  expect(await world.learn(about(first, { label: 7 }))).toEqual({ status: 'journalled' })
  await world.turn()
  expect(world.replayed).toMatchObject([{ status: 'applied' }])
})

test('records outlive the gateway, and one whose reply was lost is there once', async () => {
  const world = await createWorld('label')
  world.failing = 'after'
  await world.record(first, label)
  world.failing = 'before'
  await world.record(second, label)
  await world.crash()
  world.failing = 'no'
  await world.turn()
  for (const decision of [first, second])
    expect(await world.learn(about(decision, { label: 7 }))).toMatchObject({ status: 'applied', reward: 1 })
  expect(await world.sums()).toEqual({ a: [1, 1], b: [1, 1] })
})

test('a store that goes away again half-way gets the rest later', async () => {
  const world = await createWorld('label')
  world.failing = 'before'
  const decisions = Array.from({ length: 200 }, (_, n) => decisionOf(n))
  for (const decision of decisions) await world.record(decision, label)
  world.failing = 'no'
  // The identity, one record that tries, and some of the first batch.
  world.patience = 20
  await world.turn()
  expect(world.journal().state()).toMatchObject({ records: 199 })
  world.patience = Infinity
  await world.turn()
  expect(world.journal().state()).toMatchObject({ records: 0 })
  for (const decision of decisions) await world.learn(about(decision, { label: 7 }))
  expect(await world.sums()).toEqual({ a: [200, 200] })
})

test('a label of an outage that outlasts the window counts, and one after the window does not', async () => {
  const world = await createWorld('label')
  world.failing = 'before'
  await world.record(first, label)
  await world.record(second, label)
  expect((await world.learn(about(first, { label: 7 }))).status).toBe('journalled')
  world.now += windowMs + 120_000
  world.failing = 'no'
  await world.turn()
  expect(world.journal().state()).toMatchObject({ records: 0, unsettled: 0 })
  expect(await world.sums()).toEqual({ a: [1, 1] })
  expect((await world.learn(about(second, { label: 7 }))).status).toBe('late')
})

test('what was recorded just before the store lost it is given back, and its label counts', async () => {
  const world = await createWorld('label')
  await world.record(first, label)
  await world.recordShadows(first, { 'model:next': [3] })
  world.empty()
  world.now += 1000
  await world.turn()
  expect(await world.learn(about(first, { label: 7 }))).toMatchObject({ status: 'applied', reward: 1 })
  expect(await world.observed()).toEqual({ 'model:next': [1, 0] })
})

test('a label that comes in an outage waits for the gateway that has the record of its prediction', async () => {
  const world = await createWorld('label')
  world.failing = 'before'
  await world.turn()
  expect(await world.learn(about(first, { label: 7 }))).toEqual({ status: 'journalled' })
  world.empty()
  world.failing = 'no'
  await world.turn()
  expect(world.journal().state()).toMatchObject({ unsettled: 1 })
  expect(await world.learn(about(second, { label: 7 }))).toEqual({ status: 'journalled' })
  // The other gateway comes to it a second later.
  world.now += 1000
  await world.record(first, label)
  await world.turn()
  expect(await world.sums()).toEqual({ a: [1, 1] })
  expect(world.replayed).toMatchObject([{ status: 'applied' }])

  // Nobody brings the other record.
  world.now += 10_000
  await world.turn()
  expect(world.replayed).toMatchObject([{ status: 'applied' }, { status: 'unknown' }])
  expect(world.journal().state()).toMatchObject({ unsettled: 0 })
  expect((await world.learn(about(second, { label: 7 }))).status).toBe('unknown')
})

test('a full journal takes no record, and says so', async () => {
  const { journal } = await newJournal({ maxBytes: 60_000 })
  const record = { endpoint: 'shop', key: 'k', value: 'x'.repeat(5000), until: Date.now() + 1000 }
  const fill = async () => {
    for (let n = 0; n < 500; n++) await journal.keepRecord({ ...record, key: `k${n}` })
  }
  await expect(fill()).rejects.toMatchObject({ code: 'store_unavailable' })
  expect(journal.state().records).toBeGreaterThan(3)
})
