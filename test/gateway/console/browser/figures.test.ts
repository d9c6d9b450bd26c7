import { expect, test } from 'vitest'
import {
  explorationCost,
  gotOf,
  healthOf,
  leaderOf,
  noticesOf,
  ratesOf,
} from '../../../../gateway/console/browser/figures.js'
import { armNow, picture, pointAt } from './pictures.ts'

test('nobody leads before something is learned; then the arm most likely best', () => {
  const fresh = { rewarded: 0, pulls: 3 }
  expect(leaderOf([armNow('a', fresh), armNow('b', fresh)])).toBeUndefined()
  const arms = [armNow('a', { probabilityBest: 0.2 }), armNow('b', { probabilityBest: 0.8 })]
  expect(leaderOf(arms)?.name).toBe('b')
})

test('rates are those of the last ten seconds', () => {
  const history = [
    pointAt(0, [0, 0], [0, 0]),
    pointAt(50_000, [900, 100], [0, 0]),
    pointAt(55_000, [920, 130], [10, 5]),
    pointAt(60_000, [1000, 200], [20, 10]),
  ]
  expect(ratesOf(history)).toEqual({ requests: 20, feedback: 3 })
  expect(ratesOf(history.slice(0, 1))).toEqual({ requests: 0, feedback: 0 })
  expect(ratesOf([])).toEqual({ requests: 0, feedback: 0 })
})

test('exploration costs what a thousand requests lose on the arms that are not best', () => {
  const arms = [armNow('a', { mean: 0.9, share: 0.8 }), armNow('b', { mean: 0.4, share: 0.2 })]
  expect(explorationCost(arms)).toBeCloseTo(100)
  expect(explorationCost([armNow('a', { share: 1 })])).toBe(0)
})

test('what was got is a part of what the best arm would have got', () => {
  const point = pointAt(0, [], [])
  expect(gotOf([point])).toBeUndefined()
  expect(gotOf([{ ...point, expected: { got: 45, best: 50, uniform: 30 } }])).toBe(0.9)
})

test('tells the worst first', () => {
  const down = [{ model: 'a', replica: 0, state: 'down', restarts: 3 }] as const
  const a = armNow('a')
  const off = armNow('a', { isAvailable: false, replicas: down })
  const b = armNow('b')
  expect(healthOf(picture([off]))).toEqual({ level: 'bad', text: 'No arm can answer' })
  expect(healthOf(picture([off, b]))).toEqual({ level: 'warn', text: '1 of 2 arms down' })
  expect(healthOf(picture([armNow('a', { replicas: down }), b])).text).toBe('1 replica down')
  expect(healthOf(picture([a, b]))).toEqual({ level: 'good', text: 'All arms answer' })
  expect(healthOf(picture([armNow('a', { pulls: 0 })])).level).toBe('idle')
  const away = picture([a])
  const holding = { rewarded: 812, inStore: 3 }
  const emptied = { ...away, now: { ...away.now, holding } }
  expect(healthOf(emptied)).toEqual({ level: 'bad', text: 'Store emptied, holding' })
  expect(noticesOf(emptied.now)[0]).toMatch(/^The store was emptied: it has 3 rewards of 812, /)
  expect(noticesOf(away.now)).toEqual([])
  expect(healthOf({ ...away, now: { ...away.now, snapshotAgeMs: 60_000 } }).text).toBe('Store away')
})

test('requests without any feedback for a minute are worth a word', () => {
  const silent = [pointAt(0, [10], [5]), pointAt(30_000, [20], [5]), pointAt(61_000, [30], [5])]
  expect(healthOf(picture([armNow('a')], silent)).text).toBe('No feedback for a minute')
  const idle = silent.map((point) => Object.assign(point, { pulls: [10] }))
  expect(healthOf(picture([armNow('a')], idle)).level).toBe('good')
  expect(healthOf(picture([armNow('a')], silent.slice(1))).level).toBe('good')
})
