import { expect, test } from 'vitest'
import { createStoreClock } from '../../../gateway/clock/store-clock.ts'
import { uniformSource } from '../../bandit/support/random-source.ts'

const hourMs = 3_600_000
const start = 1_790_000_000_000

/** A machine `aheadMs` ahead of its store, and a network to it. */
function newWorld(aheadMs: number) {
  const world = { truth: 0, aheadMs, storeAheadMs: 0 }
  const clock = createStoreClock({
    system: () => start + world.truth + world.aheadMs,
    // Begins anywhere.
    monotonic: () => 12_345.678 + world.truth,
  })
  function ask(thereMs: number, backMs: number): void {
    const sentAt = 12_345.678 + world.truth
    world.truth += thereMs
    const told = start + world.truth + world.storeAheadMs
    world.truth += backMs
    clock.told(told, sentAt, 12_345.678 + world.truth)
  }
  return { world, clock, ask, storeNow: () => start + world.truth + world.storeAheadMs }
}

test('until the store was asked it is the time of this machine, and nothing is too early', () => {
  const { clock } = newWorld(2 * hourMs)
  expect(clock.now()).toBe(start + 2 * hourMs)
  expect(clock.offset()).toBeUndefined()
  expect(clock.isAhead(start + 9 * hourMs)).toBe(false)
})

test.each([2 * hourMs, -2 * hourMs, 0])('a machine %i ms ahead tells the store’s time', (aheadMs) => {
  const { world, clock, ask, storeNow } = newWorld(aheadMs)
  ask(1, 1)
  expect(clock.now()).toBe(Math.round(storeNow()))
  expect(clock.offset()!.aheadMs).toBeCloseTo(aheadMs, 2)
  world.truth += 60_000.4
  expect(clock.now()).toBe(Math.round(storeNow()))
  expect(clock.isAhead(storeNow() + 5002)).toBe(true)
  expect(clock.isAhead(storeNow() + 4998)).toBe(false)
})

test('a step of this machine’s clock moves nothing, and is seen at once', () => {
  const { world, clock, ask, storeNow } = newWorld(0)
  ask(1, 1)
  world.aheadMs = -hourMs
  expect(clock.now()).toBe(Math.round(storeNow()))
  expect(clock.offset()!.aheadMs).toBeCloseTo(-hourMs, 2)
})

test('a step of the store’s clock is followed with the next answer, however long that took', () => {
  const { world, clock, ask, storeNow } = newWorld(0)
  ask(0.1, 0.1)
  world.storeAheadMs = 3000
  ask(20, 200)
  expect(Math.abs(clock.now() - storeNow())).toBeLessThan(111)
})

test('no answer is trusted further than half of its round trip, whichever way was the slow one', () => {
  const random = uniformSource(12)
  const { world, clock, ask, storeNow } = newWorld(-1234)
  let quickestMs = Infinity
  for (let asked = 0; asked < 2000; asked++) {
    // Mostly quick, now and then a second of one way only.
    const slowMs = random() < 0.1 ? 1000 * random() : 0
    const [thereMs, backMs] = random() < 0.5 ? [slowMs + random(), random()] : [random(), slowMs + random()]
    ask(thereMs, backMs)
    quickestMs = Math.min(quickestMs, thereMs + backMs)
    // Beside the half of the quickest, what clocks may have drifted since, and the rounding.
    expect(Math.abs(clock.now() - storeNow())).toBeLessThan(quickestMs / 2 + world.truth * 0.0005 + 0.51)
    world.truth += 100
  }
  const { aheadMs, withinMs } = clock.offset()!
  expect(Math.abs(aheadMs + 1234)).toBeLessThanOrEqual(withinMs)
})

test('two machines that are four hours apart agree', () => {
  const worlds = [newWorld(2 * hourMs), newWorld(-2 * hourMs)]
  for (const { ask } of worlds) ask(0.4, 0.6)
  const [one, other] = worlds.map(({ clock }) => clock.now())
  expect(Math.abs(one! - other!)).toBeLessThanOrEqual(1)
})
