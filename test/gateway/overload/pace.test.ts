import { expect, test } from 'vitest'
import { createPace } from '../../../gateway/overload/pace.ts'

const start = (perSecond: number) => {
  let time = 0
  let timers: { readonly at: number; readonly task: () => void }[] = []
  const done: number[] = []
  const pace = createPace({
    perSecond: () => perSecond,
    now: () => time,
    after: (ms, task) => timers.push({ at: time + ms, task }),
  })
  const turn = (ms: number) => {
    const until = time + ms
    while (time < until) {
      time++
      const due = timers.filter(({ at }) => at <= time)
      timers = timers.filter(({ at }) => at > time)
      for (const { task } of due) task()
    }
  }
  return { pace, done, turn, timers: () => timers.length, add: (n: number) => pace.run(() => done.push(n)) }
}

test('a tenth of a second is done at once, the rest at its rate and in its order', () => {
  const { pace, done, turn, add, timers } = start(1000)
  for (let n = 0; n < 300; n++) add(n)
  expect([done.length, pace.waiting()]).toEqual([100, 200])
  turn(100)
  expect(done.length).toBe(200)
  turn(100)
  expect(done).toEqual(Array.from({ length: 300 }, (_, n) => n))
  turn(1000)
  expect(timers()).toBe(0)
})

test('what comes no faster than the rate never waits', () => {
  const { pace, turn, add } = start(500)
  for (let n = 0; n < 300; n++) add(turn(2) ?? n)
  expect(pace.waiting()).toBe(0)
})
