import { describe, expect, test } from 'vitest'
import type { Hold } from '../../../gateway/controls/controls.ts'
import type { Breach } from '../../../gateway/guardrails/find-breach.ts'
import { nextHold } from '../../../gateway/guardrails/next-hold.ts'
import { rules } from './rules.ts'

const faults: Breach = { rule: 'error_rate', reason: 'it fails', facts: {} }
const loss: Breach = { rule: 'reward', reason: 'it loses', facts: {} }
const fine = { faults: undefined, loss: undefined }
const now = 1_790_000_000_000

const held = (changes: Partial<Hold>): Hold => ({
  kind: 'quarantined',
  since: now - 1000,
  until: now + 1000,
  strikes: 1,
  reason: 'it fails',
  ...changes,
})

describe('an arm', () => {
  test('that keeps to its guardrails is left alone', () => {
    expect(nextHold(undefined, fine, rules, now)).toBeUndefined()
  })

  test.each([
    { ...fine, faults },
    { ...fine, loss },
  ])('that breaks one is quarantined', (breaches) => {
    expect(nextHold(undefined, breaches, rules, now)).toEqual({
      kind: 'quarantined',
      since: now,
      until: now + 10_000,
      strikes: 1,
      reason: (breaches.faults ?? breaches.loss).reason,
    })
  })

  test('stays in quarantine for its time, whatever is found meanwhile', () => {
    expect(nextHold(held({}), { faults, loss }, rules, now)).toBeUndefined()
    expect(nextHold(held({ until: now }), { faults, loss }, rules, now)).toEqual(
      held({ kind: 'probation', since: now, until: now + 5000 }),
    )
  })

  test('that fails on probation goes back at once, for twice as long', () => {
    const probation = held({ kind: 'probation', strikes: 2 })
    expect(nextHold(probation, { faults, loss: undefined }, rules, now)).toMatchObject({
      kind: 'quarantined',
      until: now + 40_000,
      strikes: 3,
    })
  })

  test('whose rewards are low is given all of its probation to show better ones', () => {
    const probation = { kind: 'probation', strikes: 1 } as const
    expect(nextHold(held(probation), { faults: undefined, loss }, rules, now)).toBeUndefined()
    expect(
      nextHold(held({ ...probation, until: now }), { faults: undefined, loss }, rules, now),
    ).toMatchObject({
      kind: 'quarantined',
      until: now + 20_000,
    })
  })

  test('that keeps to them on probation is free, and forgiven an hour later', () => {
    const released = nextHold(held({ kind: 'probation', until: now }), fine, rules, now) as Hold
    expect(released).toMatchObject({ kind: 'released', since: now, until: now + 3_600_000, strikes: 1 })
    expect(nextHold(released, fine, rules, now + 3_599_999)).toBeUndefined()
    expect(nextHold(released, { faults, loss: undefined }, rules, now + 60_000)).toMatchObject({ strikes: 2 })
    expect(nextHold(released, fine, rules, now + 3_600_000)).toBe('forgiven')
  })

  test('is never kept away for longer than 64 times the first time', () => {
    const often = held({ kind: 'released', strikes: 50 })
    expect(nextHold(often, { faults, loss: undefined }, rules, now)).toMatchObject({ until: now + 640_000 })
  })
})

test('with action: floor there is probation alone, judged at its end', () => {
  const floor = { ...rules, action: 'floor' } as const
  const first = nextHold(undefined, { faults, loss: undefined }, floor, now) as Hold
  expect(first).toMatchObject({ kind: 'probation', until: now + 10_000, strikes: 1 })
  expect(nextHold(first, { faults, loss: undefined }, floor, now + 9999)).toBeUndefined()
  expect(nextHold(first, { faults, loss: undefined }, floor, now + 10_000)).toMatchObject({
    kind: 'probation',
    until: now + 30_000,
    strikes: 2,
  })
  expect(nextHold(first, fine, floor, now + 10_000)).toMatchObject({ kind: 'released' })
})
