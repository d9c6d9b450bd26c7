import { expect, test } from 'vitest'
import { merge } from '../../../../gateway/console/browser/state.js'
import type { ConsoleUpdate, EndpointPicture } from '../../../../gateway/console/shape.ts'
import { armNow, picture, pointAt } from './pictures.ts'

const update = (facts: Partial<EndpointPicture>, whole = false): ConsoleUpdate => ({
  at: 1,
  startedAt: 0,
  whole,
  endpoints: [{ ...picture([armNow('a')]), ...facts }],
})
const historyOf = (state: ConsoleUpdate) => state.endpoints[0]!.history.map(({ at }) => at)

test('goes on from what was known, and begins anew with what is whole', () => {
  let state = merge(undefined, update({ history: [pointAt(1000, [1], [0])] }, true))
  state = merge(state, update({ history: [pointAt(2000, [2], [0])] }))
  expect(historyOf(state)).toEqual([1000, 2000])
  expect(historyOf(merge(state, update({ history: [] }, true)))).toEqual([])
})

test('a page that is left open all day stays small', () => {
  let state = merge(undefined, update({}, true))
  for (let second = 0; second < 10_000; second++) {
    const at = second * 1000
    const decision = { at, arm: 'a', propensity: 1, policy: 'thompson', reason: 'policy' } as const
    const event = { id: `${at}`, at, kind: 'store_away', level: 'bad', detail: 'gone' } as const
    state = merge(state, update({ history: [pointAt(at, [1], [0])], decisions: [decision], events: [event] }))
  }
  const { decisions, events } = state.endpoints[0]!
  expect([decisions.length, events.length]).toEqual([50, 100])
  const times = historyOf(state)
  expect(times.length).toBeLessThan(380)
  expect(times.at(-1)! - times[0]!).toBeGreaterThan(3_540_000)
  expect(times.at(-1)! - times[0]!).toBeLessThan(3_600_000)
})
