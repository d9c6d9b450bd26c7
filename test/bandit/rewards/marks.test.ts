import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { markLate, maxEvents, reconcile, type RewardEvent, voidMark } from '../../../bandit/rewards/marks.ts'
import { combineNames, type Combine } from '../../../bandit/rewards/combine.ts'

const accept = (event: Partial<RewardEvent>): RewardEvent => ({
  eventId: '',
  acceptedAt: 1000,
  micro: 0,
  ...event,
})

/** Feeds the events in order and adds up what each would change, as the store does. */
function replay(events: readonly RewardEvent[], combine: Combine) {
  let mark = ''
  let sum = 0
  const statuses: string[] = []
  for (const event of events) {
    const next = reconcile(mark, event, combine)
    statuses.push(next.status)
    if (next.status === 'full' || next.status === 'void') continue
    if (next.status === 'applied') sum += next.micro
    if (next.status === 'corrected') sum += next.micro - next.previous
    mark = next.mark
  }
  return { mark, sum, statuses }
}

describe('one event', () => {
  test('is applied once, however often it comes', () => {
    const event = accept({ micro: 5, at: 10 })
    expect(replay([event, event, { ...event, acceptedAt: 2000 }], 'first')).toMatchObject({
      sum: 5,
      statuses: ['applied', 'duplicate', 'duplicate'],
    })
  })

  test('without a time repeats itself when it says the same and corrects itself when it says something new', () => {
    const events = [accept({ micro: 5 }), accept({ micro: 5, acceptedAt: 1500 }), accept({ micro: 9 })]
    expect(replay(events, 'first')).toMatchObject({ sum: 9, statuses: ['applied', 'duplicate', 'corrected'] })
  })

  test('of an older version changes nothing', () => {
    const events = [accept({ micro: 9, at: 30 }), accept({ micro: 5, at: 20 })]
    expect(replay(events, 'last')).toMatchObject({ sum: 9, statuses: ['applied', 'duplicate'] })
  })
})

test('the first and the last of several events count as the endpoint says', () => {
  const events = [accept({ eventId: 'b', micro: 2, at: 20 }), accept({ eventId: 'a', micro: 1, at: 10 })]
  expect(replay(events, 'first')).toMatchObject({ sum: 1, statuses: ['applied', 'corrected'] })
  expect(replay(events, 'last')).toMatchObject({ sum: 2, statuses: ['applied', 'duplicate'] })
})

test('a decision takes no more than its number of events', () => {
  const events = Array.from({ length: maxEvents + 1 }, (_, n) => accept({ eventId: `e${n}`, at: n }))
  expect(replay(events, 'last').statuses.at(-1)).toBe('full')
  expect(
    replay([...events.slice(0, maxEvents), accept({ eventId: 'e0', at: 99, micro: 7 })], 'last').statuses.at(
      -1,
    ),
  ).not.toBe('full')
})

test('any order of arrival, with repeats, ends in the same mark and the same sum', () => {
  const event = fc.record({
    eventId: fc.constantFrom('', 'click', 'sale'),
    at: fc.integer({ min: 0, max: 20 }),
    acceptedAt: fc.integer({ min: 100, max: 200 }),
    micro: fc.integer({ min: 0, max: 3 }),
  })
  const shuffled = fc
    .array(event, { minLength: 1, maxLength: 12 })
    .chain((events) =>
      fc.tuple(
        fc.constant(events),
        fc.shuffledSubarray([...events, ...events], { minLength: events.length * 2 }),
        fc.constantFrom<Combine>(...combineNames),
      ),
    )
  fc.assert(
    fc.property(shuffled, ([events, again, combine]) => {
      const inOrder = replay(events, combine)
      const outOfOrder = replay(again, combine)
      expect(outOfOrder.mark).toBe(inOrder.mark)
      expect(outOfOrder.sum).toBe(inOrder.sum)
    }),
    { numRuns: 2000, seed: 1 },
  )
})

describe('what came after the window', () => {
  const sooner = accept({ acceptedAt: 100, micro: 3 })
  const later = accept({ acceptedAt: 200, micro: 7 })

  test('stands by the first that was accepted, in whatever order they come', () => {
    expect(markLate(markLate('', sooner), later)).toBe(markLate('', sooner))
    expect(markLate(markLate('', later), sooner)).toBe(markLate('', sooner))
    const twin = { ...sooner, micro: 4 }
    expect(markLate(markLate('', sooner), twin)).toBe(markLate('', twin))
    expect(markLate(markLate('', twin), sooner)).toBe(markLate('', twin))
  })

  test('changes nothing where more is known', () => {
    const { mark } = replay([accept({ acceptedAt: 50 })], 'first')
    expect(markLate(mark, sooner)).toBe(mark)
    expect(markLate(voidMark, sooner)).toBe(voidMark)
  })
})
