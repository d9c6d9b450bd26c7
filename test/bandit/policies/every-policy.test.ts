import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createPolicy, policyNames, type PolicySettings } from '../../../bandit/policies/by-name.ts'
import type { ArmBelief } from '../../../bandit/policies/policy.ts'
import { belief } from '../support/beliefs.ts'

const settings: Partial<Record<(typeof policyNames)[number], PolicySettings[]>> = {
  thompson: [{}, { rewards: 'bernoulli' }, { rewards: 'gaussian' }],
  'top-two-thompson': [{}, { leader: 0.9, rewards: 'bernoulli' }],
  'kl-ucb': [{ c: 0 }, { c: 3 }],
  moss: [{}, { horizon: 1000 }],
  'epsilon-greedy': [{}, { epsilon: 0 }, { epsilon: 1, decayAfter: 100 }],
  fixed: [{}, { weights: { 'arm-1': 3, 'arm-2': 1 } }],
}
const policies = policyNames.flatMap((name) =>
  (settings[name] ?? [{}]).map((own) => ({ label: `${name} ${JSON.stringify(own)}`, name, own })),
)

/** The context of every decision so far, and of the next one. */
const [before, now] = [Float64Array.of(1, 0.5), Float64Array.of(1, -0.25)]

function known(count: number, sum: number, more: Partial<ArmBelief> = {}): ArmBelief {
  const gram = Float64Array.of(count, count * before[1]!, count * before[1]! ** 2)
  return belief(count, sum, { linear: { dimension: 2, gram, moment: before.map((x) => sum * x) }, ...more })
}

/** Nothing, a trace that has faded to almost nothing, a handful, or ten million. */
const anyCount = fc.oneof(
  fc.constant(0),
  fc.double({ min: 1e-300, max: 1e-3, noNaN: true }),
  fc.double({ min: 0, max: 50, noNaN: true }),
  fc.double({ min: 0, max: 1e7, noNaN: true }),
)
const anyArm = fc
  .record({ count: anyCount, mean: fc.double({ min: 0, max: 1, noNaN: true }), pending: fc.nat(1000) })
  .map(({ count, mean, pending }) => known(count, count * mean, { pending, importanceSum: 7 * count * mean }))
const anyArms = fc
  .array(anyArm, { minLength: 1, maxLength: 8 })
  .map((arms) => arms.map((arm, at) => ({ ...arm, name: `arm-${at}` })))

const total = (values: Float64Array) => values.reduce((sum, value) => sum + value, 0)

describe.each(policies)('$label', ({ name, own }) => {
  const policy = createPolicy({ name, ...own })

  test('answers with a distribution, however much or little is known', () => {
    fc.assert(
      fc.property(anyArms, (arms) => {
        const distribution = policy.distribution(arms, now)
        expect(distribution).toHaveLength(arms.length)
        expect(distribution.every((propensity) => propensity >= 0)).toBe(true)
        expect(Math.abs(total(distribution) - 1)).toBeLessThan(1e-12)
      }),
      { seed: 51, numRuns: 100 },
    )
  })

  test('does not care in which order the arms come', () => {
    const shuffled = anyArms.chain((arms) =>
      fc.record({
        arms: fc.constant(arms),
        order: fc.shuffledSubarray([...arms.keys()], { minLength: arms.length, maxLength: arms.length }),
      }),
    )
    fc.assert(
      fc.property(shuffled, ({ arms, order }) => {
        const distribution = policy.distribution(arms, now)
        const again = policy.distribution(
          order.map((at) => arms[at]!),
          now,
        )
        for (const [position, at] of order.entries()) {
          expect(Math.abs(again[position]! - distribution[at]!)).toBeLessThan(1e-7)
        }
      }),
      { seed: 52, numRuns: 50 },
    )
  })

  test('gives arms of which the same is known the same', () => {
    fc.assert(
      fc.property(anyArms, anyArm, (arms, twin) => {
        const twins = [{ ...twin, name: 'arm-8' }, ...arms, { ...twin, name: 'arm-9' }]
        const distribution = policy.distribution(twins, now)
        expect(Math.abs(distribution[0]! - distribution.at(-1)!)).toBeLessThan(1e-12)
      }),
      { seed: 53, numRuns: 50 },
    )
  })

  test('looks at pending pulls only if it says so', () => {
    const sums = [10, 11, 0]
    const arms = sums.map((sum, at) => known(2 * sum, sum, { name: `arm-${at}` }))
    const waiting = sums.map((sum, at) => known(2 * sum, sum, { name: `arm-${at}`, pending: 100 * at }))
    if (!policy.usesPending) expect(policy.distribution(waiting, now)).toEqual(policy.distribution(arms, now))
    const cold = [3, 1, 2, 1].map((pending) => belief(0, 0, { pending }))
    if (policy.usesPending && own.epsilon !== 1) {
      const distribution = policy.distribution(cold)
      expect(distribution[1]).toBe(distribution[3])
      expect(distribution[1]).toBeGreaterThan(distribution[0]!)
      expect(distribution[1]).toBeGreaterThan(distribution[2]!)
    }
  })
})

test.each(['ucb1', 'ucb-tuned', 'kl-ucb', 'moss'] as const)(
  '%s spreads pulls whose rewards are still to come instead of sending all to one arm',
  (name) => {
    const policy = createPolicy({ name })
    const arms: Writable<ArmBelief>[] = [belief(10, 5), belief(10, 5), belief(0, 0), belief(0, 0)]
    for (let pull = 0; pull < 200; pull++) {
      const distribution = policy.distribution(arms, now)
      arms[distribution.indexOf(Math.max(...distribution))]!.pending++
    }
    for (const { pending, count } of arms) {
      expect(pending + count).toBeGreaterThan(50)
      expect(pending + count).toBeLessThan(60)
    }
  },
)

type Writable<T> = { -readonly [K in keyof T]: T[K] }
