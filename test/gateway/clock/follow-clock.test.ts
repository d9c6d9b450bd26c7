import { expect, test } from 'vitest'
import { StoreUnavailable } from '../../../bandit/index.ts'
import { createClockFollower } from '../../../gateway/clock/follow-clock.ts'
import { createStoreClock } from '../../../gateway/clock/store-clock.ts'

const start = 1_790_000_000_000

function newWorld() {
  const world = { aheadMs: 0, isAway: false, seconds: NaN, monotonic: 0, tripMs: 0 }
  const told: string[] = []
  const clock = createStoreClock({
    system: () => start + world.monotonic + world.aheadMs,
    monotonic: () => world.monotonic,
  })
  const follow = createClockFollower({
    store: {
      async time() {
        if (world.isAway) throw new StoreUnavailable('away')
        const told = start + world.monotonic
        world.monotonic += world.tripMs
        return told
      },
    },
    clock,
    metrics: { clockAhead: (seconds) => void (world.seconds = seconds) },
    events: { emit: ({ kind, detail }) => void told.push(`${kind} ${detail}`) },
    monotonic: () => world.monotonic,
  })
  return { world, told, clock, follow }
}

test('a clock that is wrong is told once, and once that it is right again', async () => {
  const { world, told, follow } = newWorld()
  for (world.aheadMs of [0, 900, 7_200_000, 7_200_000, 800, 400, 0]) await follow()
  expect(told).toEqual([
    expect.stringMatching(/^clock_wrong this machine's clock is 7200 s ahead of the store's: /),
    "clock_right this machine's clock and the store's agree again",
  ])
  world.aheadMs = -1500
  await follow()
  expect(told.at(-1)).toMatch(/^clock_wrong this machine's clock is 1.5 s behind the store's: /)
  expect(world.seconds).toBe(-1.5)
})

test('an answer that took long, as while this process had no time, is no reason to call a clock wrong', async () => {
  const { world, told, follow } = newWorld()
  for (world.tripMs of [4000, 1]) await follow()
  expect([told, world.seconds]).toEqual([[], expect.closeTo(0, 2)])
})

test('nothing is said of the clock before the store was there', async () => {
  const { world, told, clock, follow } = newWorld()
  Object.assign(world, { isAway: true, aheadMs: 7_200_000 })
  await follow()
  expect([told, clock.offset(), world.seconds]).toEqual([[], undefined, NaN])
})

test('a clock that is set while the store is away is held to what the store said last', async () => {
  const { world, told, clock, follow } = newWorld()
  await follow()
  Object.assign(world, { isAway: true, aheadMs: 7_200_000 })
  await follow()
  expect(told).toHaveLength(1)
  expect(clock.now()).toBe(start)
})

test('what is no matter of a store that is away is not kept quiet', async () => {
  const fault = new RangeError('a fault of ours')
  const { clock } = newWorld()
  const follow = createClockFollower({
    store: { time: () => Promise.reject(fault) },
    clock,
    metrics: { clockAhead: () => undefined },
    events: { emit: () => undefined },
    monotonic: () => 0,
  })
  await expect(follow()).rejects.toBe(fault)
})
