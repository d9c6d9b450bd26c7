import { expect, test } from 'vitest'
import { createShedder, type LoadSample } from '../../../gateway/overload/shedder.ts'

const limits = { loopDelayMs: 100, utilisation: 1, residentBytes: 1000 }

const start = (more: Partial<typeof limits> = {}) => {
  const told: string[] = []
  const shedder = createShedder({
    limits: { ...limits, ...more },
    places: new Map([
      ['a', 5000],
      ['b', 500],
    ]),
    changed: (kind) => told.push(kind),
  })
  const { enters, left } = shedder.limitOf('a')
  const observe = (sample: Partial<LoadSample>) =>
    shedder.observe({ loopDelayMs: 0, utilisation: 1, residentBytes: 0, spanMs: 250, ...sample })
  /** As many as are let in of `count`. */
  const enter = (count: number) => Array.from({ length: count }, () => enters()).filter(Boolean).length
  const leave = (count: number, inVain = false) => Array.from({ length: count }, () => left(inVain))
  return { shedder, observe, enter, leave, told }
}

test('beyond a limit it lets in what leaves within 200 ms, then less; and all again when it is over', () => {
  const { shedder, observe, enter, leave, told } = start()
  expect(enter(2000)).toBe(2000)
  leave(1000)
  // 1,000 in 250 ms are 800 in 200 ms: the 1,000 that are in are too many.
  observe({ loopDelayMs: 101 })
  expect(enter(10)).toBe(0)
  leave(1000)
  expect(enter(2000)).toBe(800)
  observe({ loopDelayMs: 101 })
  expect(shedder.admitted()).toBeCloseTo(800 / 2010)
  expect(enter(1)).toBe(0)
  leave(800)
  expect(enter(2000)).toBe(560)
  expect(told).toEqual(['overload'])

  observe({})
  leave(560)
  expect(enter(2000)).toBe(700)
  leave(700)
  // Within 1.25 s after the last refusal, of samples that are 250 ms apart.
  for (let calm = 0; calm < 5; calm++) observe({})
  expect(shedder.admitted()).toBe(1)
  expect(enter(2000)).toBe(2000)
  expect(told).toEqual(['overload', 'overload_over'])
})

test('however long it lasts, models have enough to do in batches', () => {
  const { observe, enter, leave } = start()
  for (let look = 0; look < 40; look++) observe({ residentBytes: 1001 })
  expect(enter(100)).toBe(32)
  leave(1)
  expect(enter(100)).toBe(1)
})

test('one long pause refuses nobody who comes as usual', () => {
  const { observe, enter, leave } = start()
  for (let turn = 0; turn < 40; turn++) {
    for (let part = 0; part < 5; part++) {
      expect(enter(30)).toBe(30)
      leave(30)
    }
    observe({ loopDelayMs: turn % 5 === 1 ? 300 : 0 })
  }
})

test('where queues are full, half of what they hold is let in, of that endpoint alone', () => {
  const { shedder, observe, enter, leave, told } = start()
  expect(enter(200)).toBe(200)
  leave(100)
  leave(60, true)
  // 40 wait, and at most 200 did at a rate of 100 in 250 ms.
  observe({})
  expect(told).toEqual(['overload'])
  expect(enter(200)).toBe(60)
  const others = shedder.limitOf('b')
  expect(Array.from({ length: 500 }, others.enters).every(Boolean)).toBe(true)
})

test('where nearly all come back in vain, few are let in, and twice as many while it goes well', () => {
  const { observe, enter, leave } = start()
  for (let look = 0; look < 3; look++) {
    const some = enter(1000)
    leave(some, true)
    observe({})
  }
  expect(enter(20)).toBe(20)
  leave(20)
  expect(enter(1000)).toBe(12)
  leave(12)
  observe({})
  const well = []
  for (let look = 0; look < 3; look++) {
    let some = 0
    for (let part = 0; part < 50; part++) {
      const few = enter(20)
      leave(few)
      some += few
    }
    well.push(some)
    observe({})
  }
  expect(well).toEqual([64, 128, 256])
})

test('what nobody waits for is given up first', () => {
  const { shedder, observe, told } = start()
  const spared = (loopDelayMs: number) => {
    observe({ loopDelayMs })
    return [shedder.spares('shadow'), shedder.spares('member'), told.length > 0]
  }
  expect(spared(59)).toEqual([false, false, false])
  expect(spared(60)).toEqual([true, false, false])
  expect(spared(80)).toEqual([true, true, false])
  expect(spared(0)).toEqual([false, false, false])
})

test('a loop that is always busy is an overload only where that is said', () => {
  const any = start()
  any.observe({ utilisation: 1 })
  expect(any.told).toEqual([])
  const strict = start({ utilisation: 0.98 })
  strict.enter(1)
  strict.observe({ utilisation: 0.99 })
  expect(strict.told).toEqual(['overload'])
})

test('a busy start is not told before anybody has asked for a prediction, and its end only where it was', () => {
  const { observe, enter, told } = start()
  observe({ loopDelayMs: 900 })
  expect(told).toEqual([])
  enter(1)
  observe({ loopDelayMs: 900 })
  expect(told).toEqual(['overload'])
  for (let look = 0; look < 5; look++) observe({})
  observe({})
  expect(told).toEqual(['overload', 'overload_over'])
})

test('three answers in vain, as of an arm that is away, are no overload', () => {
  const { observe, enter, leave, told } = start()
  for (let look = 0; look < 3; look++) {
    leave(enter(3), true)
    observe({})
  }
  expect(told).toEqual([])
})
