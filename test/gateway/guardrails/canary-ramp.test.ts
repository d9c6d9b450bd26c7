import { expect, test } from 'vitest'
import type { CanaryProgress } from '../../../gateway/controls/controls.ts'
import { canaryOf, nextProgress, shareOfStep } from '../../../gateway/guardrails/canary-ramp.ts'

const config = { from: 0.01, to: 0.64, overMs: 70_000, steps: 7 }
const canary = canaryOf(config, 'new')
const now = 1_790_000_000_000
const look = { config, canary, breach: undefined, isTried: true, now }
const at = (changes: Partial<CanaryProgress> = {}): CanaryProgress => ({
  canary,
  status: 'advancing',
  step: 2,
  since: now - 10_000,
  ...changes,
})

test('its greatest share doubles from step to step, from the first share to the last', () => {
  const shares = Array.from({ length: 7 }, (_, step) => shareOfStep(config, step))
  expect(shares).toEqual([0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64].map((share) => expect.closeTo(share, 12)))
  expect(shareOfStep({ ...config, steps: 1 }, 0)).toBe(0.64)
})

test('it begins with the first step, and so does another one in its place', () => {
  const begun = { canary, status: 'advancing', step: 0, since: now }
  expect(nextProgress(undefined, look)).toEqual(begun)
  const other = canaryOf(config, 'newer')
  expect(nextProgress(at({ status: 'rolled_back' }), { ...look, canary: other })).toEqual({
    ...begun,
    canary: other,
  })
})

test('a step is over when its time is and it was tried', () => {
  expect(nextProgress(at(), look)).toEqual(at({ step: 3, since: now }))
  expect(nextProgress(at({ since: now - 9999 }), look)).toBeUndefined()
  expect(nextProgress(at(), { ...look, isTried: false })).toBeUndefined()
  expect(nextProgress(at({ step: 6 }), look)).toEqual(at({ status: 'completed', step: 6, since: now }))
})

test('a breach rolls it back at once, and there it stays', () => {
  const breach = { rule: 'error_rate', reason: 'it fails', facts: {} } as const
  const back = nextProgress(at({ since: now }), { ...look, isTried: false, breach })
  expect(back).toEqual(at({ status: 'rolled_back', since: now, reason: 'it fails' }))
  expect(nextProgress(back, { ...look, now: now + 1e9 })).toBeUndefined()
  expect(nextProgress(at({ status: 'completed' }), { ...look, breach })).toBeUndefined()
})
