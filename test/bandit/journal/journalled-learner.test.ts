import { describe, expect, test } from 'vitest'
import {
  createAvailability,
  createJournalledLearner,
  keyFromCallerId,
  type Feedback,
} from '../../../bandit/index.ts'
import { newJournal } from './fixture.ts'
import { about, windowMs } from './shop.ts'
import { createWorld, decisionOf } from './world.ts'

const one = about(decisionOf(1), { reward: 1 })
const forged = { predictionId: 'x'.repeat(100), reward: 1, eventId: '' }

test('feedback is journalled, learned and settled, and said again it is a duplicate', async () => {
  const world = await createWorld()
  expect(await world.learn(one)).toMatchObject({ status: 'applied', reward: 1 })
  expect(await world.learn(one)).toMatchObject({ status: 'duplicate', reward: 1 })
  await world.turn()
  expect(world.journal().state()).toMatchObject({ unsettled: 0, settled: 2 })
  expect(await world.sums()).toEqual({ a: [1, 1] })
})

test('what is refused without the store never reaches the journal, and what the store refuses leaves it', async () => {
  const world = await createWorld()
  const old = decisionOf(2, 'a', world.now - windowMs - 5000)
  const otherGeneration = { ...decisionOf(3), generation: '00000000' }
  const statuses: string[] = []
  for (const feedback of [
    forged,
    about(decisionOf(1), { reward: 2 }),
    about(decisionOf(1), { label: 7 }),
    about(otherGeneration, { reward: 1 }),
    { callerId: { endpoint: 'elsewhere', id: 'x' }, reward: 1, eventId: '' },
  ]) {
    statuses.push((await world.learn(feedback)).status)
    expect(world.journal().state()).toMatchObject({ unsettled: 0, settled: 0 })
  }
  expect(statuses).toEqual(['forged', 'invalid', 'invalid', 'unknown', 'unknown'])
  expect(await world.learn(about(old, { reward: 1 }))).toMatchObject({ status: 'late' })
  const parked = { callerId: { endpoint: 'shop', id: 'x' }, reward: 1, eventId: '' }
  expect(await world.learn(parked)).toMatchObject({ status: 'unknown' })
  await world.journal().flush()
  expect(world.journal().state()).toMatchObject({ unsettled: 0, settled: 0 })
})

describe('with the store away', () => {
  test('feedback is journalled, forged one is still refused, and all of it is applied once when it is back', async () => {
    const world = await createWorld()
    world.failing = 'before'
    const feedback = Array.from({ length: 200 }, (_, n) => about(decisionOf(n), { reward: 0.5 }))
    for (const each of feedback) expect(await world.learn(each)).toEqual({ status: 'journalled' })
    expect(await world.learn(forged)).toMatchObject({ status: 'forged' })
    await world.turn()
    expect(world.replayed).toEqual([])
    expect(world.journal().state()).toMatchObject({ unsettled: 200, settled: 0 })

    world.failing = 'no'
    await world.turn()
    expect(new Set(world.replayed.map(({ status }) => status))).toEqual(new Set(['applied']))
    expect(await world.sums()).toEqual({ a: [200, 100] })
    expect(world.told).toEqual(['away', 'drained 200'])
    expect(await world.learn(feedback[0]!)).toMatchObject({ status: 'duplicate' })
  })

  test('the window is judged by when it was accepted', async () => {
    const world = await createWorld()
    world.failing = 'before'
    world.now += windowMs - 2000
    await world.learn(one)
    world.now += 10_000
    await world.learn(about(decisionOf(2), { reward: 1 }))
    world.failing = 'no'
    await world.turn()
    expect(world.replayed.map(({ status }) => status)).toEqual(['applied', 'late'])
    expect(await world.sums()).toEqual({ a: [1, 1] })
    expect(world.journal().state()).toMatchObject({ unsettled: 0, settled: 1 })
  })

  test('a lost reply is journalled although the store had it, and counts once', async () => {
    const world = await createWorld()
    world.failing = 'after'
    expect(await world.learn(one)).toEqual({ status: 'journalled' })
    expect(await world.sums()).toEqual({ a: [1, 1] })
    world.failing = 'no'
    await world.turn()
    expect(world.replayed).toMatchObject([{ status: 'duplicate' }])
    expect(await world.sums()).toEqual({ a: [1, 1] })
  })

  test('with a full journal too it is refused, never dropped, and nothing that was taken is lost', async () => {
    const world = await createWorld('reward', 150_000)
    world.failing = 'before'
    let taken = 0
    let fault: unknown
    while (fault === undefined && taken < 2000) {
      const long = { reward: 1, eventId: `event-${taken}-`.padEnd(2000, 'x') }
      const outcome = await world.learn(about(decisionOf(taken), long)).catch((error: unknown) => error)
      if (outcome instanceof Error) fault = outcome
      else taken += 1
    }
    expect(fault).toMatchObject({ code: 'store_unavailable' })
    expect(taken).toBeGreaterThan(10)
    world.failing = 'no'
    await world.turn()
    expect(await world.sums()).toEqual({ a: [taken, taken] })
    expect(world.told).toEqual(['away', 'failing', `drained ${taken}`])
    expect(await world.learn(one)).toMatchObject({ reward: 1 })
    expect(world.told.at(-1)).toBe('recovered')
  })
})

test('with a journal that fails feedback is learned as long as the store is there', async () => {
  const world = await createWorld()
  await world.journal().close()
  expect(await world.learn(one)).toMatchObject({ status: 'applied' })
  expect(world.told).toEqual(['failing'])
  world.failing = 'before'
  await expect(world.learn(about(decisionOf(2), { reward: 1 }))).rejects.toMatchObject({
    code: 'store_unavailable',
  })
})

describe('a store that comes back empty', () => {
  test('gets back what was acknowledged in the last minutes', async () => {
    const world = await createWorld()
    for (const n of [1, 2, 3]) await world.learn(about(decisionOf(n), { reward: 1, eventId: 'click' }))
    world.now += 5
    await world.learn(about(decisionOf(3), { reward: 0.25, eventId: 'click' }))
    await world.learn(about(decisionOf(2), { void: true }))
    expect(await world.sums()).toEqual({ a: [2, 1.25] })
    world.now += 2000
    world.empty()
    await world.turn()
    expect(await world.sums()).toEqual({ a: [2, 1.25] })
    expect(world.told[0]).toBe('restoring')
    expect(await world.learn(about(decisionOf(1), { reward: 1, eventId: 'click' }))).toMatchObject({
      status: 'duplicate',
    })
    const told = world.told.length
    world.now += 2000
    await world.turn()
    expect(world.told).toHaveLength(told)
  })

  test('gets back rewards that were judged by outputs which it has lost', async () => {
    const world = await createWorld('label')
    const [right, wrong] = [decisionOf(1), decisionOf(2, 'b')]
    for (const decision of [right, wrong]) await world.record(decision, { label: [7] })
    expect(await world.learn(about(right, { label: 7 }))).toMatchObject({ status: 'applied', reward: 1 })
    expect(await world.learn(about(wrong, { label: 1 }))).toMatchObject({ status: 'applied', reward: 0 })
    world.now += 2000
    await world.turn()
    world.empty()
    await world.crash()
    expect(await world.sums()).toEqual({ a: [1, 1], b: [1, 0] })
  })

  test('gets back rewards under the caller’s own ids, and several of one decision', async () => {
    const world = await createWorld('label')
    const named = { ...decisionOf(0), key: keyFromCallerId('shop', 'order-9') }
    await world.record(named, { label: [7] }, true)
    const callerId = { endpoint: 'shop', id: 'order-9' }
    const events = Array.from({ length: 5 }, (_, n) => ({ callerId, label: 7, eventId: `event-${n}` }))
    const outcomes = await Promise.all(events.map((event) => world.learn(event)))
    expect(outcomes.map(({ status }) => status).toSorted()).toEqual([
      'applied',
      ...Array(4).fill('duplicate'),
    ])
    await world.turn()
    world.now += 2000
    world.empty()
    await world.turn()
    expect(await world.sums()).toEqual({ a: [1, 1] })
    expect(world.told.at(-1)).toMatch(/^restored \{.*"duplicate":4/)
  })

  test('is noticed although it was emptied while nothing was going on', async () => {
    const world = await createWorld()
    await world.learn(one)
    world.failing = 'before'
    world.now += 3_000_000
    await world.turn()
    world.empty()
    world.failing = 'no'
    await world.turn()
    expect(await world.sums()).toEqual({ a: [1, 1] })
  })
})

test('while older feedback is on its way, what comes now says when it was sent', async () => {
  const { journal } = await newJournal()
  const availability = createAvailability({ away: () => undefined }, Date.now)
  const learned: Feedback[] = []
  const learner = createJournalledLearner({
    learner: {
      async learn(feedback) {
        learned.push(feedback)
        return { status: 'applied' }
      },
    },
    journal,
    availability,
    records: { find: () => undefined },
    worthKeeping: () => true,
    acceptedAt: () => 7,
    events: { failing: () => undefined, recovered: () => undefined },
  })
  availability.back()
  await learner.learn(one)
  await learner.learn({ ...one, at: 3 })
  availability.caughtUp()
  await learner.learn(one)
  expect(learned).toEqual([
    { ...one, acceptedAt: 7, at: 7 },
    { ...one, acceptedAt: 7, at: 3 },
    { ...one, acceptedAt: 7 },
  ])
})

test('a store that is lost again while it is given back what it lost is given it all the next time', async () => {
  const world = await createWorld()
  for (let n = 0; n < 300; n += 1) await world.learn(about(decisionOf(n), { reward: 1 }))
  world.empty()
  world.now += 2000
  world.patience = 150
  await world.turn()
  expect((await world.sums())['a']![0]).toBeLessThan(300)
  world.patience = Infinity
  await world.crash()
  expect(await world.sums()).toEqual({ a: [300, 300] })
})

test('a journal that cannot be written holds up nobody, and is told of once', async () => {
  const world = await createWorld()
  world.failing = 'before'
  await world.learn(one)
  await world.journal().close()
  world.failing = 'no'
  world.now += 2000
  expect(await world.learn(about(decisionOf(2), { reward: 1 }))).toMatchObject({ status: 'applied' })
  for (let turn = 0; turn < 3; turn += 1) await world.turn()
  expect(world.told).toEqual(['away', 'failing', expect.stringMatching(/^fault /)])
})

test('a clock that steps back an hour changes no sum, and what was said before it is a duplicate', async () => {
  const world = await createWorld()
  await world.learn(one)
  world.now -= 3_600_000
  await world.learn(about(decisionOf(2), { reward: 0.5 }))
  world.failing = 'before'
  await world.learn(about(decisionOf(3), { reward: 0.25 }))
  world.failing = 'no'
  await world.turn()
  world.now -= 5000
  world.empty()
  await world.turn()
  expect(await world.learn(one)).toMatchObject({ status: 'duplicate' })
  expect(await world.sums()).toEqual({ a: [3, 1.75] })
})
