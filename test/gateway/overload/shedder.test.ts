import { expect, test } from 'vitest'
import { createShedder, type LoadSample } from '../../../gateway/overload/shedder.ts'

const limits = { loopDelayMs: 100, utilisation: 1, residentBytes: 1000 }

const start = (more: Partial<typeof limits> = {}, random = () => 0.3) => {
  const told: string[] = []
  const shedder = createShedder({
    limits: { ...limits, ...more },
    random,
    changed: (kind) => told.push(kind),
  })
  const observe = (sample: Partial<LoadSample>) =>
    shedder.observe({ loopDelayMs: 0, utilisation: 1, residentBytes: 0, ...sample })
  return { shedder, observe, told }
}

test('refuses more and more from the second sample beyond a limit on, and fewer again when it is over', () => {
  const { shedder, observe, told } = start()
  observe({ loopDelayMs: 101 })
  expect([shedder.admitted(), shedder.admits()]).toEqual([1, true])
  observe({ loopDelayMs: 101 })
  expect([shedder.admitted(), shedder.admits()]).toEqual([0.5, true])
  observe({ loopDelayMs: 101 })
  expect([shedder.admitted(), shedder.admits()]).toEqual([0.25, false])
  for (let more = 0; more < 10; more++) observe({ loopDelayMs: 101 })
  expect(shedder.admitted()).toBe(0.05)
  expect(told).toEqual(['overload'])

  // Within 2 s, of samples that are 250 ms apart.
  for (let calm = 0; calm < 6; calm++) observe({ loopDelayMs: 5 })
  expect([shedder.admitted(), shedder.admits()]).toEqual([1, true])
  expect(told).toEqual(['overload', 'overload_over'])
})

test('takes as large a share as it says', () => {
  let drawn = 0
  const { shedder, observe } = start({}, () => (drawn++ % 100) / 100)
  observe({ residentBytes: 1001 })
  observe({ residentBytes: 1001 })
  const taken = Array.from({ length: 100 }, () => shedder.admits()).filter(Boolean).length
  expect(taken).toBe(50)
})

test('one long pause is no overload', () => {
  const { shedder, observe, told } = start()
  for (let turn = 0; turn < 10; turn++) {
    observe({ loopDelayMs: 300 })
    observe({ loopDelayMs: 0 })
  }
  expect(shedder.admitted()).toBe(1)
  expect(told).toEqual([])
})

test('what nobody waits for is given up first', () => {
  const { shedder, observe } = start()
  const spared = (loopDelayMs: number) => {
    observe({ loopDelayMs })
    return [shedder.spares('shadow'), shedder.spares('member'), shedder.admitted()]
  }
  expect(spared(59)).toEqual([false, false, 1])
  expect(spared(60)).toEqual([true, false, 1])
  expect(spared(80)).toEqual([true, true, 1])
  expect(spared(0)).toEqual([false, false, 1])
})

test('a loop that is always busy is an overload only where that is said', () => {
  const any = start()
  for (let turn = 0; turn < 5; turn++) any.observe({ utilisation: 1 })
  expect(any.shedder.admitted()).toBe(1)
  const strict = start({ utilisation: 0.98 })
  for (let turn = 0; turn < 5; turn++) strict.observe({ utilisation: 0.99 })
  expect(strict.shedder.admitted()).toBeLessThan(1)
})
