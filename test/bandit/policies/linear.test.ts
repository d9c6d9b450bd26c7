import { describe, expect, test } from 'vitest'
import { createPolicy, type PolicyName, type PolicySettings } from '../../../bandit/policies/by-name.ts'
import { createLinEpsilonGreedy } from '../../../bandit/policies/lin-epsilon-greedy.ts'
import { createLinThompson } from '../../../bandit/policies/lin-thompson.ts'
import { createLinUcb } from '../../../bandit/policies/lin-ucb.ts'
import { probabilityLargestNormal } from '../../../bandit/policies/normal.ts'
import { belief } from '../support/beliefs.ts'
import { createLinearPlayer } from '../support/linear-player.ts'
import { inverseOf } from '../support/matrices.ts'
import { uniformSource } from '../support/random-source.ts'

const arm = (name: string, gram: number[], moment: number[]) =>
  belief(gram[0]!, moment[0]!, {
    name,
    linear: { dimension: moment.length, gram: Float64Array.from(gram), moment: Float64Array.from(moment) },
  })
const x = Float64Array.of(1, 0.5)

describe('P(largest) of normal variables', () => {
  test('of two is Φ of the gap over both deviations', () => {
    const two = (gap: number, a: number, b: number) =>
      probabilityLargestNormal([
        { mean: gap, deviation: a },
        { mean: 0, deviation: b },
      ])[0]
    expect(two(1, 1, 1)).toBeCloseTo(0.7602499389065233, 9)
    expect(two(5e-6, 3e-6, 4e-6)).toBeCloseTo(0.8413447460685429, 9)
    expect(two(1, 1e-7, 1)).toBeCloseTo(0.8413447460685429, 9)
    expect(two(100, 1, 1)).toBe(1)
  })

  test('of equals is equal, and of three is known', () => {
    const nine = probabilityLargestNormal(Array.from({ length: 9 }, () => ({ mean: 3, deviation: 0.2 })))
    for (const share of nine) expect(share).toBeCloseTo(1 / 9, 12)
    // Equal means, deviations 1, 1 and √2. X₁ is the largest with ¼ + asin(ρ) / 2π, ρ the correlation of X₁ − X₂
    // and X₁ − X₃.
    const three = probabilityLargestNormal([1, 1, Math.SQRT2].map((deviation) => ({ mean: 0, deviation })))
    expect(three[0]).toBeCloseTo(0.25 + Math.asin(1 / Math.sqrt(6)) / (2 * Math.PI), 9)
    expect(three[2]).toBeCloseTo(0.25 + Math.asin(2 / 3) / (2 * Math.PI), 9)
  })

  test.each([
    { mean: 0, deviation: 0 },
    { mean: Number.NaN, deviation: 1 },
    { mean: 0, deviation: Infinity },
  ])('$mean, $deviation is refused', (normal) => {
    expect(() => probabilityLargestNormal([normal])).toThrow(RangeError)
  })
})

describe('lin-ucb', () => {
  // With λ = 1: A = [[3, 1], [1, 2]], so θ = (0.3, 0.1) and xᵀA⁻¹x = (2 − 1 + 0.75) / 5.
  const known = arm('known', [2, 1, 1], [1, 0.5])
  const index = (alpha: number) => 0.35 + alpha * Math.sqrt(0.35)
  const unknown = (alpha: number) => alpha * Math.sqrt(1.25)
  const fresh = arm('fresh', [0, 0, 0], [0, 0])

  test('plays the arm that could be best, which α decides', () => {
    expect(index(0.6)).toBeGreaterThan(unknown(0.6))
    expect(index(0.7)).toBeLessThan(unknown(0.7))
    expect([...createLinUcb({ alpha: 0.6 }).distribution([known, fresh], x)]).toEqual([1, 0])
    expect([...createLinUcb({ alpha: 0.7 }).distribution([known, fresh], x)]).toEqual([0, 1])
  })

  test('shares ties, and does not look at what is pending', () => {
    const waiting = { ...fresh, name: 'waiting', pending: 9 }
    expect([...createLinUcb().distribution([fresh, waiting, fresh], x)]).toEqual([1 / 3, 1 / 3, 1 / 3])
  })
})

test('lin-epsilon-greedy plays the best prediction for this context and spreads the rest', () => {
  const policy = createLinEpsilonGreedy({ epsilon: 0.2 })
  const arms = [arm('a', [2, 1, 1], [1, 0.5]), arm('b', [2, 1, 1], [0.5, 1])]
  const shares = (features: Float64Array) => [...policy.distribution(arms, features)]
  expect(shares(Float64Array.of(1, 0.1))).toEqual([0.9, 0.1])
  expect(shares(Float64Array.of(1, 1))).toEqual([0.1, 0.9])
})

test('lin-thompson agrees with drawing every weight', () => {
  const arms = [arm('a', [8, 3, 4], [4, 2]), arm('b', [5, -2, 3], [3, 0]), arm('c', [0, 0, 0], [0, 0])]
  const deviation = 0.4
  const exact = createLinThompson({ deviation }).distribution(arms, x)
  const uniform = uniformSource(31)
  const normal = () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform())
  const posteriors = arms.map(({ linear }) => {
    const [[aa, ab], [, bb]] = inverseOf(linear!.gram, 2, 1) as [[number, number], [number, number]]
    const [b0, b1] = linear!.moment as unknown as [number, number]
    const l = Math.sqrt(aa)
    return {
      mean: [aa * b0 + ab * b1, ab * b0 + bb * b1],
      l,
      m: ab / l,
      n: Math.sqrt(bb - (ab / l) ** 2),
    } as const
  })
  const wins = [0, 0, 0]
  const draws = 40_000
  for (let round = 0; round < draws; round++) {
    const predictions = posteriors.map(({ mean, l, m, n }) => {
      const [u, v] = [normal(), normal()]
      return mean[0] + deviation * l * u + 0.5 * (mean[1] + deviation * (m * u + n * v))
    })
    wins[predictions.indexOf(Math.max(...predictions))]!++
  }
  for (const [at, share] of exact.entries()) {
    expect(share).toBeGreaterThan(0.01)
    expect(Math.abs(wins[at]! / draws - share)).toBeLessThan(5 * Math.sqrt(0.25 / draws))
  }
})

test.each(['lin-ucb', 'lin-thompson', 'lin-epsilon-greedy'] as const)(
  '%s has to be told what it chooses by',
  (name) => {
    const policy = createPolicy({ name })
    expect(policy.usesContext).toBe(true)
    expect(() => policy.distribution([arm('a', [0], [0])])).toThrow(/has to be given the context/)
    expect(() => policy.distribution([belief(1, 1)], x)).toThrow(/Nothing was learned of arm arm by context/)
  },
)

describe('where arms serve contexts differently', () => {
  const dimension = 6
  const weights = Array.from({ length: 4 }, (_, k) =>
    Float64Array.from({ length: dimension }, (_, at) => Math.sin(3 * k + 5 * at)),
  )

  /** Mean regret a decision, rewards 0 or 1. */
  function regretOf(name: PolicyName, settings: PolicySettings = {}): number {
    const random = uniformSource(77)
    const player = createLinearPlayer(createPolicy({ name, ...settings }), weights.length, dimension, random)
    const turns = 4000
    let regret = 0
    for (let turn = 0; turn < turns; turn++) {
      const features = Float64Array.from({ length: dimension }, (_, at) =>
        at === 0 ? 1 : Math.round(2000 * random() - 1000) / 1000,
      )
      const means = weights.map(
        (own) => 0.5 + 0.1 * own.reduce((sum, weight, at) => sum + weight * features[at]!, 0),
      )
      const chosen = player.choose(features)
      regret += Math.max(...means) - means[chosen]!
      player.learn(chosen, features, random() < means[chosen]! ? 1 : 0)
    }
    return regret / turns
  }
  const contextFree = regretOf('thompson')

  test.each<[PolicyName, PolicySettings]>([
    ['lin-ucb', { alpha: 0.25 }],
    ['lin-thompson', { deviation: 0.25 }],
    ['lin-epsilon-greedy', { epsilon: 0.05 }],
  ])('%s has less than half the regret of the best policy that does not listen', (name, settings) => {
    const regret = regretOf(name, settings)
    expect(contextFree).toBeGreaterThan(0.05)
    expect(regret).toBeLessThan(contextFree / 2)
  })
})
