import { describe, expect, test } from 'vitest'
import { findFaults, findLoss } from '../../../gateway/guardrails/find-breach.ts'
import { rules } from './rules.ts'

describe('faults', () => {
  test.each([
    { requests: 4, faults: 4, slow: 0, found: undefined },
    { requests: 5, faults: 5, slow: 0, found: 'error_rate' },
    { requests: 100, faults: 20, slow: 0, found: undefined },
    { requests: 100, faults: 21, slow: 0, found: 'error_rate' },
    { requests: 100, faults: 0, slow: 4, found: undefined },
    { requests: 100, faults: 0, slow: 5, found: 'latency_p99' },
    { requests: 2000, faults: 0, slow: 20, found: undefined },
    { requests: 2000, faults: 0, slow: 21, found: 'latency_p99' },
    { requests: 0, faults: 0, slow: 0, found: undefined },
  ])('$faults failed and $slow slow of $requests: $found', ({ found, ...reading }) => {
    expect(findFaults(rules, reading)?.rule).toBe(found)
  })

  test('say the numbers', () => {
    expect(findFaults(rules, { requests: 40, faults: 35, slow: 0 })).toEqual({
      rule: 'error_rate',
      reason: '35 of 40 requests failed, at most 20 % may',
      facts: { requests: 40, faults: 35, limit: 0.2 },
    })
  })

  test('are none where nothing is limited', () => {
    const none = { ...rules, errorRate: undefined, latencyP99Ms: undefined }
    expect(findFaults(none, { requests: 100, faults: 100, slow: 100 })).toBeUndefined()
  })
})

test.each([
  [0.96, 500, 'reward'],
  [0.96, 499, undefined],
  [0.95, 9000, undefined],
])('below its baseline with %d after %d rewards: %s', (probabilityBelow, rewards, found) => {
  expect(findLoss(rules, { probabilityBelow, rewards })?.rule).toBe(found)
  expect(findLoss({ ...rules, baseline: undefined }, { probabilityBelow, rewards })).toBeUndefined()
})
