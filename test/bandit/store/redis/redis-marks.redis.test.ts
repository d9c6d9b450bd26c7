import { setTimeout as sleep } from 'node:timers/promises'
import { beforeEach, expect, test } from 'vitest'
import type { EndpointStore, JournalProgress } from '../../../../bandit/store/store.ts'
import { endpointKeys } from '../../../../bandit/store/redis/keys.ts'
import { keyOf, overBucket, reward, settings, timeIn } from '../../../contract/store/fixture.ts'
import { redisFixture } from './redis-fixture.ts'

/** Nothing of `overBucket` can be changed any more. */
const over = { ...settings, retentionMs: 60_000 }

const minuteMs = 60_000

let fixture: ReturnType<typeof redisFixture>
let endpoint: EndpointStore

beforeEach(async () => {
  fixture = redisFixture()
  endpoint = (await fixture.newStore()).endpoint(over)
})

const keys = () => endpointKeys(fixture.prefix, over.endpoint, over.generation)

const hasMarks = async () => (await fixture.admin().exists(keys().marks(overBucket))) === 1

/** A journal that accepted feedback a minute into the window, and has not brought it yet. */
const behind: JournalProgress = { journal: 'behind', brought: timeIn(overBucket) + 1000 }

const upToDate = (journal: string): JournalProgress => ({ journal, brought: Date.now() })

/** Another gateway has looked at the marks before the bucket was over. */
const lookEarly = () => fixture.admin().set(keys().forgotten, overBucket - 3)

test('marks are there after their time while a journal is behind, so that what it brings counts once', async () => {
  await lookEarly()
  await endpoint.forgetMarks(behind)
  expect(await endpoint.applyReward(reward())).toMatchObject({ status: 'applied' })
  expect((await endpoint.forgetMarks(upToDate('another'))).overdueMs).toBeGreaterThan(5 * minuteMs)
  expect(await hasMarks()).toBe(true)
  expect(await endpoint.applyReward(reward())).toMatchObject({ status: 'conflict', mark: 'first' })
  expect(await endpoint.applyReward(reward({ key: keyOf(2) }))).toMatchObject({ status: 'applied' })

  expect(await endpoint.forgetMarks(upToDate('behind'))).toEqual({ overdueMs: 0, givenUp: [] })
  expect(await hasMarks()).toBe(false)
  expect(await endpoint.applyReward(reward())).toEqual({ status: 'late' })
})

test('marks are gone with their time where no journal is behind, and where there is none', async () => {
  for (const journal of [upToDate('a'), undefined]) {
    await lookEarly()
    await fixture.admin().hset(keys().marks(overBucket), keyOf(1), '1 first')
    expect(await endpoint.forgetMarks(journal)).toEqual({ overdueMs: 0, givenUp: [] })
    expect(await hasMarks()).toBe(false)
  }
})

test('marks of what can still be changed stay', async () => {
  const bucket = Math.floor(Date.now() / over.bucketMs)
  await endpoint.forgetMarks()
  await endpoint.applyReward(reward({ bucket }))
  await endpoint.forgetMarks()
  expect(await endpoint.applyReward(reward({ bucket }))).toMatchObject({ status: 'conflict' })
})

test('what was accepted after the time is late, whoever is behind', async () => {
  await lookEarly()
  await endpoint.forgetMarks(behind)
  const acceptedAt = timeIn(overBucket) + over.windowMs + over.retentionMs + over.bucketMs
  expect(await endpoint.applyReward(reward({ acceptedAt, afterWindow: true }))).toEqual({ status: 'late' })
})

test('before anybody has looked, marks count for as long as an earlier release has kept them', async () => {
  expect(await endpoint.applyReward(reward())).toEqual({ status: 'late' })
})

test('a journal that leaves with nothing in it is not waited for', async () => {
  await lookEarly()
  await endpoint.forgetMarks(behind)
  await endpoint.applyReward(reward())
  const gone = { journal: behind.journal, brought: undefined }
  expect(await endpoint.forgetMarks(gone)).toEqual({ overdueMs: 0, givenUp: [] })
  expect(await hasMarks()).toBe(false)
  expect(await fixture.admin().hkeys(keys().journals)).toEqual(['looked'])
})

test('a journal of which nothing is heard is waited for while others look, and given up once', async () => {
  const patient = (await fixture.newStore({ journalWaitMs: 20 })).endpoint(over)
  await lookEarly()
  await patient.forgetMarks(behind)
  await patient.applyReward(reward())
  expect((await patient.forgetMarks(upToDate('other'))).givenUp).toEqual([])
  expect(await hasMarks()).toBe(true)
  await sleep(30)
  expect(await patient.forgetMarks(upToDate('other'))).toEqual({ overdueMs: 0, givenUp: ['behind'] })
  expect(await hasMarks()).toBe(false)
  expect((await patient.forgetMarks(upToDate('other'))).givenUp).toEqual([])

  // Back with what it holds: late, and not to be counted a second time.
  await patient.forgetMarks(behind)
  expect(await patient.applyReward(reward())).toEqual({ status: 'late' })
})

test('time in which nobody looked does not count against a journal', async () => {
  await lookEarly()
  await endpoint.forgetMarks(behind)
  await fixture.admin().hset(keys().journals, 'looked', Date.now() - 10 * 3_600_000)
  expect((await endpoint.forgetMarks(upToDate('other'))).givenUp).toEqual([])
  const [missed] = await fixture.admin().hmget(keys().journals, 'missed/behind')
  expect(Number(missed)).toBe(15_000)
})

test('a thousand buckets of a pause are gone in one turn, and more in the next', async () => {
  const admin = fixture.admin()
  const first = overBucket - 1200
  await admin.set(keys().forgotten, first - 1)
  for (const bucket of [first, first + 999, overBucket]) await admin.hset(keys().marks(bucket), 'a', '1 b')
  await endpoint.forgetMarks()
  expect(await admin.exists(keys().marks(first))).toBe(0)
  expect(await hasMarks()).toBe(true)
  await endpoint.forgetMarks()
  expect(await admin.exists(keys().marks(first + 999))).toBe(0)
  expect(await hasMarks()).toBe(false)
})
