import { expect, test } from 'vitest'
import { createMarkForgetting } from '../../../bandit/rewards/mark-forgetting.ts'
import { type Forgotten, type JournalProgress, StoreUnavailable } from '../../../bandit/store/store.ts'

function fixture() {
  const asked: (JournalProgress | undefined)[] = []
  const givenUp: string[] = []
  const world = { now: 1000, away: false, answer: { overdueMs: 0, givenUp: [] } as Forgotten }
  const marks = createMarkForgetting({
    store: {
      async forgetMarks(progress) {
        if (world.away) throw new StoreUnavailable('away')
        asked.push(progress)
        return world.answer
      },
    },
    clock: () => world.now,
    journal: () => ({ journal: 'own', brought: world.now }),
    givenUp: (name) => void givenUp.push(name),
  })
  return { world, asked, givenUp, marks }
}

test('the store is asked every five seconds, with how far the journal has come by then', async () => {
  const { world, asked, marks } = fixture()
  for (const now of [1000, 2000, 5999, 6000, 10_999, 11_000]) {
    world.now = now
    await marks.turn()
  }
  expect(asked.map((each) => each?.brought)).toEqual([1000, 6000, 11_000])
})

test('a clock that was put back stops nothing', async () => {
  const { world, asked, marks } = fixture()
  await marks.turn()
  world.now -= 900
  await marks.turn()
  expect(asked).toHaveLength(2)
})

test('a store that is away is asked with the next turn', async () => {
  const { world, asked, marks } = fixture()
  world.away = true
  await expect(marks.turn()).rejects.toThrow(StoreUnavailable)
  world.away = false
  await marks.turn()
  expect(asked).toHaveLength(1)
})

test('journals that are given up and marks that are overdue are told', async () => {
  const { world, givenUp, marks } = fixture()
  expect(marks.overdueMs()).toBe(0)
  world.answer = { overdueMs: 90_000, givenUp: ['a', 'b'] }
  await marks.turn()
  expect(marks.overdueMs()).toBe(90_000)
  expect(givenUp).toEqual(['a', 'b'])
})
