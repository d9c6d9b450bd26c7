import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { createSqliteStore } from '../../../../bandit/store/sqlite/sqlite.ts'
import { keyOf, overBucket, reward, settings, sumsOf, timeIn } from '../../../contract/store/fixture.ts'
import { tempDir } from '../../../support/temp-dir.ts'

const dayMs = 86_400_000
const noDefault = Float64Array.of(1, 0, 0)

/** Two gateways on one file, on a machine whose clock is set by the test. */
async function open() {
  const path = join(await tempDir(), 'bandit.db')
  const world = { now: timeIn(overBucket) + 10_000 }
  const endpoints = [1, 2].map(() => {
    const store = createSqliteStore({ path, clock: () => world.now })
    onTestFinished(() => store.close())
    return store.endpoint(settings)
  })
  return { world, one: endpoints[0]!, other: endpoints[1]! }
}

test('what was let go while the clock was days ahead is late when it is right again, and never counts twice', async () => {
  const { world, one, other } = await open()
  expect(await one.applyReward(reward())).toMatchObject({ status: 'applied' })
  const { now } = world
  world.now = now + 3 * dayMs
  await one.recordPulls({ gateway: 'g', sequence: 1, counts: [] })
  world.now = now
  expect(await other.applyReward(reward())).toEqual({ status: 'late' })
  expect(sumsOf(await one.readState(), 'a')).toEqual([1, 250_000, 62_500])
  // A later bucket has lost nothing.
  const later = reward({ bucket: overBucket + 1, key: keyOf(2) })
  expect(await other.applyReward(later)).toMatchObject({ status: 'applied' })
  expect(await one.applyReward(later)).toMatchObject({ status: 'conflict', mark: 'first' })
})

test('a default that can no longer be taken back is not joined by the truth', async () => {
  const { world, one, other } = await open()
  await one.recordPulls({ gateway: 'g', sequence: 1, counts: [{ arm: 'a', bucket: overBucket, pulls: 1 }] })
  const { now } = world
  world.now = now + 3 * dayMs
  await one.closeBucket({ bucket: overBucket, epoch: 7, defaultDelta: noDefault })
  await one.recordPulls({ gateway: 'g', sequence: 2, counts: [] })
  world.now = now
  expect(await other.applyReward(reward({ defaultDelta: noDefault }))).toEqual({ status: 'late' })
  expect(sumsOf(await one.readState(), 'a')).toEqual([1, 0, 0])
})

test('a clock that is put back neither ends a window nor opens one again', async () => {
  const { world, one, other } = await open()
  await one.recordPulls({ gateway: 'g', sequence: 1, counts: [{ arm: 'a', bucket: overBucket, pulls: 2 }] })
  await one.applyReward(reward())
  world.now += 300_000
  await one.closeBucket({ bucket: overBucket, epoch: 7, defaultDelta: noDefault })
  world.now -= 7_200_000
  await other.closeBucket({ bucket: overBucket, epoch: 7, defaultDelta: noDefault })
  const late = reward({ key: keyOf(2), acceptedAt: timeIn(overBucket) + 500, defaultDelta: noDefault })
  expect(await other.applyReward(late)).toMatchObject({ status: 'applied' })
  expect(await one.applyReward(late)).toMatchObject({ status: 'conflict' })
  // The one default of the bucket was taken back for it.
  expect(sumsOf(await one.readState(), 'a')).toEqual([2, 500_000, 125_000])
})
