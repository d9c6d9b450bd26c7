import { expect, test } from 'vitest'
import { Tally } from '../../../cli/demo/tally.ts'

const answered = (arm: string, label: number, truth: number, latencyMs = 1) => ({
  arm,
  label,
  truth,
  latencyMs,
})

test('a window counts the answers of its requests only', () => {
  const tally = new Tally(['a', 'b'], 6)
  tally.answered(0, answered('a', 1, 1))
  tally.answered(1, answered('b', 1, 2))
  tally.answered(3, answered('b', 0, 0))
  expect(tally.armCounts(0, 6)).toEqual([
    { answered: 1, right: 1 },
    { answered: 2, right: 1 },
  ])
  expect(tally.armCounts(1, 3)).toEqual([
    { answered: 0, right: 0 },
    { answered: 1, right: 0 },
  ])
  expect(tally.armCounts(-5, 100)).toEqual(tally.armCounts(0, 6))
})

test('an unanswered request has no latency and no arm', () => {
  const tally = new Tally(['a'], 3)
  tally.answered(0, answered('a', 0, 0, 5))
  tally.answered(2, answered('a', 0, 0, 7))
  expect([...tally.latencies(0, 3)]).toEqual([5, 7])
  expect([...tally.latencies(1, 2)]).toEqual([])
  expect(tally.hasAnswer(1)).toBe(false)
})

test('a decision is acknowledged once, however often it is said', () => {
  const tally = new Tally(['a', 'b'], 2)
  tally.answered(0, answered('b', 0, 0))
  tally.acknowledged(0)
  tally.acknowledged(0)
  expect(tally.feedback.acknowledged).toBe(1)
  expect(tally.acknowledgedByArm()).toEqual([0, 1])
})

test('reasons and outcomes are counted by name', () => {
  const tally = new Tally(['a'], 1)
  tally.requestFailed('internal')
  tally.requestFailed('internal')
  tally.feedbackOutcome('applied', 3)
  tally.feedbackOutcome('duplicate', 0)
  expect(tally.failures).toEqual(new Map([['internal', 2]]))
  expect(tally.feedback.outcomes).toEqual(new Map([['applied', 3]]))
})
