import { expect, test } from 'vitest'
import { toArrival } from '../../../bandit/simulate/arrivals.ts'
import { createPost } from '../../../bandit/simulate/post.ts'
import { promptFeedback, type FeedbackRule } from '../../../bandit/simulate/world.ts'

const arrival = (changes: Partial<FeedbackRule>) => ({ ...promptFeedback, ...changes })

test.each<[string, number, number, FeedbackRule, ReturnType<typeof toArrival>]>([
  ['without a window any delay will do', 1, 500, promptFeedback, { reward: 1, after: 500 }],
  ['inside the window it comes when it comes', 1, 9, arrival({ window: 10 }), { reward: 1, after: 9 }],
  ['at the end of the window it is written off', 1, 10, arrival({ window: 10 }), { after: 10 }],
  ['and the default stands for it', 1, 10, arrival({ window: 10, default: 0 }), { reward: 0, after: 10 }],
  ['held, it waits', 1, 3, arrival({ window: 10, learn: 'hold' }), { reward: 1, after: 10 }],
  ['held, but too late, it is written off', 1, 12, arrival({ window: 10, learn: 'hold' }), { after: 10 }],
  ['a silent failure never comes', 0, 3, arrival({ silentFailures: true }), undefined],
  [
    'a silent failure is taken for the default',
    0,
    3,
    arrival({ silentFailures: true, window: 10, default: 0 }),
    { reward: 0, after: 10 },
  ],
])('%s', (_, reward, delay, rule, expected) => {
  expect(toArrival(reward, delay, rule)).toEqual(expected)
})

test('a letter is there for the first batch that starts after its time, once', () => {
  const post = createPost(20, 5)
  const letter = (decidedAt: number) => ({ decidedAt, arm: 1, reward: 0.5, propensity: 0.25 })
  post.send(letter(0), 0)
  post.send(letter(4), 0)
  post.send(letter(5), 0)
  post.send(letter(6), 3.5)
  post.send(letter(7), 100)
  const opened = [0, 5, 10, 15].map((step) => {
    const times: number[] = []
    post.collect(step, ({ decidedAt, ...rest }) => {
      expect(rest).toEqual({ arm: 1, reward: 0.5, propensity: 0.25 })
      times.push(decidedAt)
    })
    return times.toSorted((a, b) => a - b)
  })
  expect(opened).toEqual([[], [0, 4], [5], [6]])
})
