import { expect, test } from 'vitest'
import { recentShares } from '../../../bandit/decisions/recent-shares.ts'
import type { ArmState, EndpointState } from '../../../bandit/store/store.ts'

const bucketMs = 1000
const now = 1_790_000_000_000
const thisBucket = now / bucketMs

/** Pulls of each arm by how many buckets ago they were. */
function stateOf(pulls: Readonly<Record<string, Readonly<Record<number, number>>>>): EndpointState {
  const arms = Object.entries(pulls).map(([name, byAge]) => {
    const open = Object.entries(byAge).map(
      ([age, count]) => [thisBucket - Number(age), { pulls: count, rewarded: 0, voided: 0 }] as const,
    )
    return [name, { open: new Map(open) } as unknown as ArmState] as const
  })
  return { version: 1, arms: new Map(arms), observed: new Map() }
}

const recent = (pulls: Parameters<typeof stateOf>[0], wanted: Readonly<Record<string, number>>) => {
  const shares = recentShares(stateOf(pulls), new Map(Object.entries(wanted)), { bucketMs, now })
  return shares && Object.fromEntries(shares)
}

test('are those of the newest buckets that have a thousand pulls together', () => {
  const pulls = { a: { 0: 300, 1: 600, 2: 5000 }, b: { 0: 100, 1: 200 } }
  expect(recent(pulls, { a: 0.1, b: 0.9 })).toEqual({ a: 0.75, b: 0.25 })
})

test('say nothing where there were none of late', () => {
  expect(recent({}, { a: 0.1, b: 0.9 })).toBeUndefined()
  expect(recent({ a: { 61: 5000 }, b: { 90: 10 } }, { a: 0.1, b: 0.9 })).toBeUndefined()
  expect(recent({ a: { 59: 5000 } }, { a: 0.1, b: 0.9 })).toEqual({ a: 1 })
})

test('say nothing where chance explains what they miss of what is wanted', () => {
  // 0.5 ± 4 deviations of 0.05.
  expect(recent({ a: { 0: 69 }, b: { 0: 31 } }, { a: 0.5, b: 0.5 })).toBeUndefined()
  expect(recent({ a: { 0: 71 }, b: { 0: 29 } }, { a: 0.5, b: 0.5 })).toEqual({ a: 0.71, b: 0.29 })
  // An arm that hardly gets any may have had one.
  expect(recent({ a: { 0: 99 }, b: { 0: 1 } }, { a: 1, b: 1e-12 })).toBeUndefined()
})

test('know of an arm that joins, and of one that has left', () => {
  expect(recent({ a: { 0: 100 } }, { a: 0.6, b: 0.4 })).toEqual({ a: 1 })
  expect(recent({ a: { 0: 50 }, gone: { 0: 50 } }, { a: 1 })).toEqual({ a: 0.5, gone: 0.5 })
})
