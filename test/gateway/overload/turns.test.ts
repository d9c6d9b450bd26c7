import { expect, test } from 'vitest'
import { createTurns } from '../../../gateway/overload/turns.ts'

test('what comes 50 ms after a turn began waits for its end, in its order, and the next turn is another', () => {
  let time = 0
  const ends: (() => void)[] = []
  const done: string[] = []
  const { run } = createTurns({ now: () => time, atEnd: (task) => ends.push(task) })
  for (const at of [0, 50, 51, 500]) {
    time = at
    run(() => done.push(`${at}`))
  }
  expect(done).toEqual(['0', '50'])
  expect(ends).toHaveLength(1)
  ends.shift()!()
  expect(done).toEqual(['0', '50', '51', '500'])
  run(() => done.push('next'))
  expect(done.at(-1)).toBe('next')
  expect(ends).toHaveLength(1)
})
