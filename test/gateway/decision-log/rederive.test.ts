import { describe, expect, test } from 'vitest'
import type { PolicyName } from '../../../bandit/index.ts'
import { findDecision } from '../../../gateway/decision-log/find-decision.ts'
import { joinLog } from '../../../gateway/decision-log/join-log.ts'
import { readLog } from '../../../gateway/decision-log/read-log.ts'
import { rederive } from '../../../gateway/decision-log/rederive.ts'
import { logTraffic } from '../../fixtures/logged-traffic.ts'
import { tempDir } from '../../support/temp-dir.ts'

const unexpected = (text: string) => {
  throw new Error(text)
}

describe('a logged decision made again', () => {
  test.each<[PolicyName, number]>([
    ['thompson', 0.05],
    ['thompson', 0],
    ['ucb1', 0],
    ['kl-ucb', 0.1],
    ['uniform', 0],
  ])('has the same propensities to the last bit under %s, floors %f', async (policy, minShare) => {
    const dir = await tempDir()
    const traffic = await logTraffic({ dir, decisions: 300, policy, minShare, config: { rotate: 30_000 } })
    const log = await joinLog(readLog(dir, unexpected), 'shop')
    expect(log.decisions).toHaveLength(301)
    for (const decision of log.decisions) {
      const again = rederive(decision, log.snapshots.get(decision.snapshot)!)
      expect(again.difference).toBe(0)
      expect(again.agrees).toBe(true)
    }
    // What was logged is what was drawn from, not merely something that agrees with itself.
    const byKey = new Map(log.decisions.map((line) => [line.key, line]))
    for (const { key, arm, propensity, basis } of traffic.decisions) {
      expect(byKey.get(key)).toMatchObject({ arm, propensity, arms: basis!.arms })
      expect(byKey.get(key)!.propensities).toEqual([...basis!.distribution])
    }
    expect(log.decisions.some(({ unavailable }) => unavailable?.[0] === 'low')).toBe(true)
  })

  const gradual = ['thompson', 'epsilon-greedy'] as const
  test.each(gradual)('has those of the step that was made towards what %s wanted', async (policy) => {
    const dir = await tempDir()
    const maxStep = { share: 0.1, perMs: 1000 }
    const traffic = await logTraffic({ dir, decisions: 150, policy, maxStep })
    const log = await joinLog(readLog(dir, unexpected), 'shop')
    for (const decision of log.decisions) {
      const again = rederive(decision, log.snapshots.get(decision.snapshot)!)
      expect(again).toMatchObject({ difference: 0, agrees: true })
    }
    const byKey = new Map(log.decisions.map((line) => [line.key, line]))
    for (const { key, basis } of traffic.decisions)
      expect(byKey.get(key)!.propensities).toEqual([...basis!.distribution])
    const held = log.decisions.filter(({ held }) => held !== undefined)
    expect(held.length).toBeGreaterThan(50)
    expect(held.length).toBeLessThan(log.decisions.length)
    const [{ held: _, ...free }] = held as [(typeof held)[number]]
    expect(rederive(free, log.snapshots.get(free.snapshot)!).agrees).toBe(false)
  })

  test('does not agree where the log was tampered with', async () => {
    const dir = await tempDir()
    const { decisions } = await logTraffic({ dir, decisions: 200, minShare: 0.1 })
    const { key } = decisions.findLast(({ basis }) => basis!.arms.length === 3)!
    const { decision, snapshot } = (await findDecision(dir, key, unexpected))!
    const other = decision.arms.find((arm) => arm !== decision.arm)!
    expect(rederive(decision, snapshot!).agrees).toBe(true)
    expect(rederive({ ...decision, propensity: decision.propensity + 1e-6 }, snapshot!).agrees).toBe(false)
    expect(rederive({ ...decision, arm: other }, snapshot!).agrees).toBe(false)
    const [first, ...rest] = snapshot!.arms
    const belief = { ...first!.belief, count: 1000, sum: 990 }
    expect(rederive(decision, { ...snapshot!, arms: [{ ...first!, belief }, ...rest] }).agrees).toBe(false)
    expect(() => rederive(decision, { ...snapshot!, arms: rest })).toThrow(/says nothing of arm low/)
  })
})

test('every file that has a decision has its snapshot too', async () => {
  const dir = await tempDir()
  const { decisions } = await logTraffic({ dir, decisions: 400, config: { rotate: 10_000, keep: 3 } })
  const log = await joinLog(readLog(dir, unexpected), 'shop')
  expect(log.decisions.length).toBeLessThan(100)
  expect(log.decisions.every(({ snapshot }) => log.snapshots.has(snapshot))).toBe(true)
  expect(await findDecision(dir, decisions[0]!.key, unexpected)).toBeUndefined()
})
