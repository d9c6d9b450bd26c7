import { expect, test } from 'vitest'
import { createHistory } from '../../../gateway/console/history.ts'
import type { HistoryPoint } from '../../../gateway/console/shape.ts'

const pointAt = (at: number): HistoryPoint => ({
  at,
  share: [1],
  best: [1],
  mean: [0.5],
  pulls: [at],
  rewarded: [0],
  expected: { got: 0, best: 0, uniform: 0 },
})

test('two hours of points a second become one hour of few hundred, in order and ending with the newest', () => {
  const history = createHistory()
  for (let second = 0; second <= 7200; second++) history.add(second + 1, pointAt(second * 1000))
  const times = history.after(0).map(({ at }) => at)
  expect(times).toEqual(times.toSorted((a, b) => a - b))
  expect(new Set(times).size).toBe(times.length)
  expect(times.length).toBeGreaterThan(280)
  expect(times.length).toBeLessThan(380)
  expect(times.at(-1)).toBe(7_200_000)
  expect(times[0]).toBeGreaterThanOrEqual(3_570_000)
  expect(times[0]).toBeLessThan(3_660_000)
  const gaps = times.slice(1).map((at, index) => at - times[index]!)
  expect([gaps[0], gaps.at(-1)]).toEqual([30_000, 1000])
})

test('what is new is told once, however it is thinned', () => {
  const history = createHistory()
  for (let second = 1; second <= 300; second++) history.add(second, pointAt(second * 1000))
  expect(history.after(298).map(({ at }) => at)).toEqual([299_000, 300_000])
  expect(history.after(300)).toEqual([])
})

test('a timer that fires a little early or late costs no step', () => {
  const history = createHistory([{ stepMs: 1000, spanMs: 60_000 }])
  for (const at of [0, 990, 1995, 2985]) history.add(at + 1, pointAt(at))
  expect(history.after(0)).toHaveLength(4)
})
