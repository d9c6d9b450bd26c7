import { expect, test } from 'vitest'
import { playDelayed, stepMs } from '../support/delayed-world.ts'

/** A is better and slow: of its successes 63 % come within 200 steps, so that it looks worse than B. */
const arms = [
  { name: 'slow and better', mean: 0.6, meanDelay: 200 },
  { name: 'quick and worse', mean: 0.5, meanDelay: 10 },
]
const short = { arms, window: 200, defaultMicro: 0, steps: 4000 }

test('a window that is too short locks onto the wrong arm, and is warned of', async () => {
  const { shares, agent, statuses, regret } = await playDelayed({ ...short, seed: 2 })
  expect(shares['quick and worse']).toBeGreaterThan(0.95)
  expect(regret).toBeGreaterThan(0.8 * 0.1 * short.steps)
  expect(statuses.get('late')).toBeGreaterThan(20)

  const [warning] = agent.warnings()
  expect(warning).toMatchObject({
    code: 'window_hides_best_arm',
    windowMs: 200 * stepMs,
    best: 'quick and worse',
    better: 'slow and better',
  })
  // The rates of A and B cross at a window of 358 steps; the warning names the next edge of a bin that tells.
  expect(warning!.flipsAtMs).toBeGreaterThan(250 * stepMs)
  expect(warning!.flipsAtMs).toBeLessThan(1600 * stepMs)
  // Truly hidden are 37 % and nothing.
  expect(warning!.arms.map(({ hiddenShare }) => hiddenShare)).toEqual([expect.closeTo(0.37, 1), 0])
  expect(agent.view().warnings).toEqual([warning])
}, 30_000)

test('holding both outcomes back does not help against a window that is too short', async () => {
  const { shares } = await playDelayed({ ...short, delay: 'hold', seed: 2 })
  expect(shares['quick and worse']).toBeGreaterThan(0.9)
}, 30_000)

test('counting pulls by their age finds the better arm, without a wait and without a bias', async () => {
  const world = { ...short, window: 2000, delay: 'corrected' } as const
  const { shares, agent, regret } = await playDelayed({ ...world, seed: 2 })
  expect(shares['slow and better']).toBeGreaterThan(0.95)
  expect(regret).toBeLessThan(0.2 * 0.1 * short.steps)
  expect(agent.warnings()).toEqual([])

  const [slow] = agent.view().arms
  expect(slow!.mean).toBeCloseTo(0.6, 1)
  // The median of the delay is 139 steps, though pulls younger than that are most of what there is at first.
  expect(slow!.delay!.p50Ms / stepMs).toBeGreaterThan(125)
  expect(slow!.delay!.p50Ms / stepMs).toBeLessThan(153)
  expect(slow!.delay!.p90Ms / stepMs).toBeGreaterThan(410)
  expect(slow!.delay!.p90Ms / stepMs).toBeLessThan(510)
}, 30_000)
