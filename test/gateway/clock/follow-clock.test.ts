import { expect, test } from 'vitest'
import { StoreUnavailable } from '../../../bandit/index.ts'
import { createClockFollower } from '../../../gateway/clock/follow-clock.ts'
import { createStoreClock } from '../../../gateway/clock/store-clock.ts'

const start = 1_790_000_000_000

function newWorld() {
  const world = { aheadMs: 0, isAway: false, seconds: NaN }
  const told: string[] = []
  const clock = createStoreClock({ system: () => start + world.aheadMs, monotonic: () => 0 })
  const follow = createClockFollower({
    store: {
      async time() {
        if (world.isAway) throw new StoreUnavailable('away')
        return start
      },
    },
    clock,
    metrics: { clockAhead: (seconds) => void (world.seconds = seconds) },
    events: { emit: ({ kind, detail }) => void told.push(`${kind} ${detail}`) },
    monotonic: () => 0,
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

test('nothing is said of the clock before the store was there', async () => {
  const { world, told, clock, follow } = newWorld()
  Object.assign(world, { isAway: true, aheadMs: 7_200_000 })
  await follow()
  expect([told, clock.aheadMs(), world.seconds]).toEqual([[], undefined, NaN])
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
