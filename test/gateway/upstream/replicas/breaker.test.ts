import { expect, test } from 'vitest'
import { createBreaker } from '../../../../gateway/upstream/replicas/breaker.ts'

const start = (random = 0.5) => {
  const clock = { now: 0 }
  const breaker = createBreaker({ now: () => clock.now, random: () => random })
  const fail = (times: number) => Array.from({ length: times }, () => breaker.bad()).at(-1)
  return { clock, breaker, fail }
}

test('five faults in a row open it, a good answer between them does not', () => {
  const { breaker, fail } = start()
  expect(fail(4)).toBeUndefined()
  breaker.good()
  expect(fail(4)).toBeUndefined()
  expect(fail(1)).toBe(5_000)
})

test('it is open for longer each time, up to 300 s, until three answers in a row were good', () => {
  const { breaker, fail } = start()
  expect(fail(5)).toBe(5_000)
  expect(fail(1)).toBe(10_000)
  breaker.good()
  breaker.good()
  expect(fail(1)).toBe(15_000)
  for (let time = 4; time < 60; time++) expect(fail(1)).toBe(5_000 * time)
  expect(fail(1)).toBe(300_000)
  expect(fail(1)).toBe(300_000)
  for (let answer = 0; answer < 3; answer++) breaker.good()
  expect(fail(4)).toBeUndefined()
  expect(fail(1)).toBe(5_000)
})

test('the time is drawn from 80 to 120 %', () => {
  expect(start(0).fail(5)).toBe(4_000)
  expect(start(1 - Number.EPSILON).fail(5)).toBeCloseTo(6_000)
})

test('half of at least 20 answers within the span open it', () => {
  const { clock, breaker } = start()
  const opened = []
  for (let answer = 0; answer < 10; answer++) {
    breaker.good()
    opened.push(breaker.bad())
    clock.now += 100
  }
  expect(opened).toEqual([...Array.from({ length: 9 }, () => undefined), 5_000])
})

test('faults further back than the span are forgotten', () => {
  const { clock, breaker } = start()
  for (let answer = 0; answer < 200; answer++) {
    breaker.good()
    expect(breaker.bad()).toBeUndefined()
    clock.now += 1300
  }
})
