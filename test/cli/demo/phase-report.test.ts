import { expect, test } from 'vitest'
import { comparePhase } from '../../../cli/demo/phase-report.ts'
import { demoRun } from '../../fixtures/demo-report.ts'

test('a phase counts what there was against the best single arm and against all arms equally', () => {
  const { tally, oracle } = demoRun()
  expect(comparePhase('clean', 0, 6, tally, oracle)).toEqual({
    phase: 'clean',
    answered: 6,
    right: 4,
    best: { arm: 'day', right: 6 },
    uniformRight: 2,
    arms: [
      { arm: 'day', share: 4 / 6, accuracy: 1, lateShare: 1, lateAccuracy: 1, alone: 1 },
      { arm: 'night', share: 1 / 6, accuracy: 0, lateShare: 0, lateAccuracy: Number.NaN, alone: 0 },
      { arm: 'never', share: 1 / 6, accuracy: 0, lateShare: 0, lateAccuracy: Number.NaN, alone: 0 },
    ],
  })
})

test('an unanswered request is left out for every way of choosing', () => {
  const { tally, oracle } = demoRun()
  const noisy = comparePhase('noisy', 6, 12, tally, oracle)
  expect(noisy).toMatchObject({
    answered: 5,
    right: 3,
    best: { arm: 'night', right: 5 },
    uniformRight: 5 / 3,
  })
  expect(noisy.arms[1]).toEqual({
    arm: 'night',
    share: 3 / 5,
    accuracy: 1,
    lateShare: 1,
    lateAccuracy: 1,
    alone: 1,
  })
})

test('an arm that no model stands for cannot be compared', () => {
  const { tally, oracle } = demoRun()
  const labels = new Map(oracle.labels)
  labels.delete('never')
  expect(() => comparePhase('clean', 0, 6, tally, { ...oracle, labels })).toThrow('no model for arm never')
})
