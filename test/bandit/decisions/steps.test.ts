import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { withCaps, withFloors } from '../../../bandit/decisions/distribution.ts'
import { toShares, type ShareBounds } from '../../../bandit/decisions/propensities.ts'
import { createSteps, stepTowards, type Steps } from '../../../bandit/decisions/steps.ts'

const names = ['a', 'b', 'c', 'd']
const tenthASecond = { share: 0.1, perMs: 1000 }

/** What a policy gives to any of the arms: as it gives to all of them, in proportion. */
const wantsOf = (weights: readonly number[], limits: readonly ShareBounds[] = weights.map(() => free)) => {
  return (arms: readonly string[]) => {
    const own = Float64Array.from(arms, (name) => weights[names.indexOf(name)]! + 1e-9)
    const total = own.reduce((sum, weight) => sum + weight, 0)
    const shares = toShares(arms.map((name) => limits[names.indexOf(name)]!))
    const floored = withFloors(
      own.map((weight) => weight / total),
      shares.floors,
    )
    const distribution = shares.caps === undefined ? floored : withCaps(floored, shares.caps)
    return { distribution, shares, pending: undefined }
  }
}

const free: ShareBounds = { minShare: 0 }
const three = names.slice(0, 3)
const look = (steps: Steps, at: number, weights: readonly number[], limits?: readonly ShareBounds[]) =>
  steps.look(at, three, wantsOf(weights, limits))
const close = (shares: readonly number[]) => shares.map((share) => expect.closeTo(share, 8) as number)
const sharesOf = (steps: Steps, arms: readonly string[] = three) => [...steps.of(arms).distribution]

describe('shares that move by steps', () => {
  test('begin where the policy wants them, and go towards what it wants next in a straight line', () => {
    const steps = createSteps(tenthASecond)
    look(steps, 0, [0.5, 0.3, 0.2])
    expect(sharesOf(steps)).toEqual(close([0.5, 0.3, 0.2]))
    look(steps, 500, [0.1, 0.3, 0.6])
    expect(sharesOf(steps)).toEqual(close([0.45, 0.3, 0.25]))
    const { held } = steps.of(three)
    expect(held).toMatchObject({ most: 0.05 })
    expect([...held!.from]).toEqual(close([0.5, 0.3, 0.2]))
    expect([...held!.wanted]).toEqual(close([0.1, 0.3, 0.6]))
  })

  test('arrive exactly, and are then held back no more', () => {
    const steps = createSteps(tenthASecond)
    look(steps, 0, [1, 0, 0])
    for (let second = 1; second <= 10; second++) look(steps, second * 1000, [0.05, 0.9, 0.05])
    expect(steps.of(three).held).toBeUndefined()
    expect(steps.of(three).distribution).toEqual(wantsOf([0.05, 0.9, 0.05])(three).distribution)
  })

  test('move by no more than a second’s worth after an outage of an hour, and by nothing where the clock went back', () => {
    const steps = createSteps(tenthASecond)
    look(steps, 0, [1, 0, 0])
    look(steps, 3_600_000, [0, 1, 0])
    expect(sharesOf(steps)).toEqual(close([0.9, 0.1, 0]))
    look(steps, 3_599_000, [0, 1, 0])
    expect(sharesOf(steps)).toEqual(close([0.9, 0.1, 0]))
  })

  test('keep to what is said by hand at once', () => {
    const steps = createSteps(tenthASecond)
    look(steps, 0, [0.9, 0.1, 0])
    look(steps, 0, [0.9, 0.1, 0], [{ minShare: 0, maxShare: 0.5 }, free, { minShare: 0.2 }])
    expect(sharesOf(steps)).toEqual(close([0.5, 0.5 * (2 / 7), 0.5 * (5 / 7)]))
    // A cap that is lifted lets the arm grow, by steps.
    look(steps, 1000, [0.9, 0.1, 0])
    expect(sharesOf(steps)[0]).toBeCloseTo(0.6, 8)
  })

  test('leave an arm that is taken out at once, and come back to it by steps', () => {
    const steps = createSteps(tenthASecond)
    look(steps, 0, [0.6, 0.3, 0.1])
    steps.look(0, ['b', 'c'], wantsOf([0.6, 0.3, 0.1]))
    // Each keeps its own, and 0.6 goes as the policy gives to the two: ¾ and ¼.
    expect(sharesOf(steps, ['b', 'c'])).toEqual(close([0.75, 0.25]))
    look(steps, 1000, [0.6, 0.3, 0.1])
    expect(sharesOf(steps)).toEqual(close([0.1, 0.675, 0.225]))
  })

  test('are the steps’ also for what an outage leaves, which has shares of its own', () => {
    const steps = createSteps(tenthASecond)
    look(steps, 0, [0.8, 0.1, 0.1])
    expect(sharesOf(steps, ['b', 'c'])).toEqual(close([0.5, 0.5]))
    for (const second of [1, 2, 3]) {
      look(steps, second * 1000, [0.8, 0, 0.2])
      if (second < 3) continue
      // Nobody was drawn from them meanwhile, and they have moved along.
      expect(sharesOf(steps, ['b', 'c'])).toEqual(close([0.2, 0.8]))
    }
    expect(sharesOf(steps)).toEqual(close([0.8, 0, 0.2]))
  })

  test('of arms that an outage leaves begin from those of all', () => {
    const steps = createSteps(tenthASecond)
    look(steps, 0, [0.5, 0.3, 0.2])
    look(steps, 1000, [0, 1, 0])
    // 0.5 and 0.3 as they were, and of the lost 0.2 all to b; then one step.
    expect(sharesOf(steps, ['a', 'b'])).toEqual(close([0.4, 0.6]))
  })
})

test('a step is along the line, and no step at all where what is wanted is near', () => {
  const wanted = Float64Array.of(0.5, 0.5)
  expect(stepTowards({ from: Float64Array.of(0.52, 0.48), wanted, most: 0.03 })).toBe(wanted)
  const half = stepTowards({ from: Float64Array.of(0.6, 0.4), wanted, most: 0.05 })
  expect([...half]).toEqual(close([0.55, 0.45]))
})

const weights = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 4, maxLength: 4 })
const turn = fc.record({
  weights,
  elapsed: fc.integer({ min: 0, max: 1500 }),
  down: fc.subarray(names, { maxLength: 2 }),
})
const limits = fc.constantFrom<readonly ShareBounds[]>(
  names.map(() => free),
  names.map(() => ({ minShare: 0.1 })),
  names.map((_, at) => ({ minShare: at === 1 ? 0.2 : 0.02, maxShare: at === 0 ? 0.4 : undefined })),
)

test('over any history they are a distribution within its bounds, and no arm of any set moves by more than a step', () => {
  fc.assert(
    fc.property(fc.array(turn, { minLength: 2, maxLength: 40 }), limits, (turns, bounds) => {
      const steps = createSteps(tenthASecond)
      let at = 0
      let last = new Map<string, readonly number[]>()
      for (const [index, { weights: wanted, elapsed, down }] of turns.entries()) {
        at += elapsed
        steps.look(at, names, wantsOf(wanted, bounds))
        const most = index === 0 ? Infinity : Math.min(elapsed, 1000) * 1e-4
        const left = names.filter((name) => !down.includes(name))
        const now = new Map([names, left].map((arms) => [arms.join('/'), sharesOf(steps, arms)]))
        for (const [set, shares] of now) {
          const arms = set.split('/')
          expect(shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 12)
          for (const [place, name] of arms.entries()) {
            const { minShare, maxShare = 1 } = bounds[names.indexOf(name)]!
            const share = shares[place]!
            expect(share).toBeGreaterThanOrEqual(minShare - 1e-12)
            expect(share).toBeLessThanOrEqual(maxShare + 1e-9)
            const was = last.get(set)?.[place]
            if (was !== undefined) expect(Math.abs(share - was)).toBeLessThanOrEqual(most + 1e-9)
          }
        }
        // What nobody was drawn from in this turn is compared again where it is met next turn alone.
        last = now
      }
    }),
    { seed: 19, numRuns: 150 },
  )
})

test('over any history of pauses and outages an arm gains no more than a step and what others lost, and loses a step at most', () => {
  const pauses = fc.record({
    weights,
    elapsed: fc.integer({ min: 0, max: 1500 }),
    paused: fc.subarray(names, { maxLength: 3 }),
    down: fc.subarray(names, { maxLength: 2 }),
  })
  fc.assert(
    fc.property(fc.array(pauses, { minLength: 2, maxLength: 40 }), (turns) => {
      const steps = createSteps(tenthASecond)
      let at = 0
      let was = new Map<string, number>()
      for (const { weights: wanted, elapsed, paused, down } of turns) {
        at += elapsed
        const all = names.filter((name) => !paused.includes(name))
        steps.look(at, all, wantsOf(wanted))
        const most = Math.min(elapsed, 1000) * 1e-4 + 1e-8
        const now = new Map(all.map((name, place) => [name, steps.of(all).distribution[place]!]))
        const isFirst = was.size === 0
        const lost = [...was].reduce((sum, [name, share]) => sum + (now.has(name) ? 0 : share), 0)
        for (const [name, share] of isFirst ? [] : now) {
          const before = was.get(name) ?? 0
          expect(share).toBeGreaterThanOrEqual(before - most)
          expect(share).toBeLessThanOrEqual(before + lost + most)
        }
        // An outage besides: what is left of them is a distribution too, of its own.
        const left = all.filter((name) => !down.includes(name))
        if (left.length > 0) expect(sharesOf(steps, left).reduce((a, b) => a + b, 0)).toBeCloseTo(1, 12)
        was = now
      }
    }),
    { seed: 20, numRuns: 100 },
  )
})
