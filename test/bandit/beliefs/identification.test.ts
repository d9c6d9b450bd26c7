import { describe, expect, test } from 'vitest'
import { drawArm } from '../../../bandit/decisions/distribution.ts'
import { identify, type StopRule } from '../../../bandit/beliefs/identification.ts'
import { createStopWhenDecided } from '../../../bandit/policies/stop-when-decided.ts'
import { createTopTwoThompson } from '../../../bandit/policies/top-two-thompson.ts'
import { createUniform } from '../../../bandit/policies/uniform.ts'
import { belief } from '../support/beliefs.ts'
import { uniformSource } from '../support/random-source.ts'

const usual: StopRule = { confidence: 0.95, threshold: 'usual' }
const named = (name: string, count: number, sum: number) => belief(count, sum, { name })

describe('the best arm', () => {
  test('is told apart from each other one by the evidence for it', () => {
    const arms = [named('a', 100, 70), named('b', 100, 50), named('c', 300, 60)]
    // 100 kl(0.7, 0.6) + 100 kl(0.5, 0.6) against c's far greater evidence; ln((ln 500 + 1) / 0.05).
    const kl = (p: number, q: number) => p * Math.log(p / q) + (1 - p) * Math.log((1 - p) / (1 - q))
    const found = identify(arms, usual)
    expect(found.leader).toBe('a')
    expect(found.statistic).toBeCloseTo(100 * kl(0.7, 0.6) + 100 * kl(0.5, 0.6), 10)
    expect(found.threshold).toBeCloseTo(Math.log((Math.log(500) + 1) / 0.05), 12)
    expect(found.decided).toBe(false)
    const [a, b, c] = arms.map(({ name, count, sum }) => named(name, 3 * count, 3 * sum))
    expect(identify([a!, b!, c!], usual)).toMatchObject({ leader: 'a', decided: true })
  })

  test('takes longer to find where that is proven', () => {
    const arms = [named('a', 220, 154), named('b', 220, 110)]
    expect(identify(arms, usual).decided).toBe(true)
    const proven = identify(arms, { confidence: 0.95, threshold: 'proven' })
    expect(proven.threshold).toBeCloseTo(Math.log((2 * 440 * 1) / 0.05), 12)
    expect(proven.decided).toBe(false)
  })

  test('is not known while one arm was never tried, two are level or nothing is known', () => {
    expect(identify([named('a', 1e6, 9e5), named('b', 0, 0)], usual)).toMatchObject({
      statistic: 0,
      decided: false,
    })
    const level = identify([named('a', 1e6, 5e5), named('b', 1e4, 5e3)], usual)
    expect(level).toEqual({ statistic: 0, threshold: expect.any(Number) as number, decided: false })
    expect(identify([named('a', 0, 0), named('b', 0, 0)], usual).leader).toBeUndefined()
  })
})

describe('looking after every reward', () => {
  /** Plays until the best arm is called; how many rewards that took and which arm it was. */
  function search(means: readonly number[], uniform: () => number, rule: StopRule, mixed: boolean) {
    const policy = mixed ? createTopTwoThompson() : createUniform()
    const arms = means.map((_, at) => ({ ...named(String(at), 0, 0) }))
    for (let at = 1; ; at++) {
      const arm = drawArm(policy.distribution(arms), uniform())
      const reward = uniform() < means[arm]! ? 1 : 0
      arms[arm] = named(String(arm), arms[arm]!.count + 1, arms[arm]!.sum + reward)
      const { decided, leader } = identify(arms, rule)
      if (decided) return { rewards: at, leader }
    }
  }

  test('errs less often than allowed', () => {
    const uniform = uniformSource(111)
    const searches = Array.from({ length: 300 }, () =>
      search([0.5, 0.35], uniform, { confidence: 0.9, threshold: 'usual' }, false),
    )
    const wrong = searches.filter(({ leader }) => leader !== '0').length
    expect(wrong).toBeLessThan(30)
  })

  test('top-two Thompson needs fewer rewards than playing all alike', () => {
    const uniform = uniformSource(112)
    const rule: StopRule = { confidence: 0.9, threshold: 'usual' }
    const mean = (mixed: boolean, runs: number) => {
      let sum = 0
      for (let run = 0; run < runs; run++)
        sum += search([0.7, 0.45, 0.2, 0.15, 0.1], uniform, rule, mixed).rewards
      return sum / runs
    }
    expect(mean(true, 20)).toBeLessThan(0.75 * mean(false, 60))
  })
})

test('a policy that stops gives all to the best arm, and takes the search up again when in doubt', () => {
  const policy = createStopWhenDecided(createUniform(), usual)
  const [found, doubt] = [named('a', 1000, 700), named('a', 1000, 520)]
  expect([...policy.distribution([found, named('b', 1000, 500)])]).toEqual([1, 0])
  expect([...policy.distribution([doubt, named('b', 1000, 500)])]).toEqual([0.5, 0.5])
})
