import { expect, test } from 'vitest'
import { toEstimate } from '../../../bandit/simulate/estimate.ts'
import { createNature } from '../../../bandit/simulate/nature.ts'
import { createStream } from '../../../bandit/simulate/streams.ts'
import { bernoulliArms, type DelayLaw } from '../../../bandit/simulate/world.ts'
import { world } from './fixture.ts'

test.each<[DelayLaw, mean: number, sd: number]>([
  [{ kind: 'constant', steps: 7 }, 7, 0],
  [{ kind: 'geometric', mean: 20 }, 20, Math.sqrt(20 * 21)],
  [{ kind: 'exponential', mean: 20 }, 20, 20],
  [{ kind: 'geometric', mean: 0 }, 0, 0],
])('%o has a mean of %d and a standard deviation of %d', (delay, wanted, sd) => {
  const nature = createNature(world({ arms: bernoulliArms([0.5], delay) }), createStream(2, 0, 'nature'))
  const delays = Array.from({ length: 20_000 }, () => nature.delay(0))
  const { mean, error } = toEstimate(delays)
  expect(Math.abs(mean - wanted)).toBeLessThanOrEqual(4 * error)
  expect(error * Math.sqrt(20_000)).toBeCloseTo(sd, -0.5)
  expect(Math.min(...delays)).toBeGreaterThanOrEqual(0)
})

test('arms that come and go have means of the given law, and change one at a time', () => {
  const turnover = { rate: 0.02, means: { alpha: 4, beta: 4 } }
  const arms = bernoulliArms(Array.from({ length: 10 }, () => 0))
  const nature = createNature(world({ arms, batch: 5, turnover }), createStream(5, 0, 'nature'))
  const seen = [...nature.means(0)]
  let changes = 0
  let known = [...seen]
  for (let step = 0; step < 50_000; step += 5) {
    const gone = nature.turnOver(step)
    const now = [...nature.means(step)]
    const changed = now.flatMap((mean, arm) => (mean === known[arm] ? [] : [arm]))
    expect(changed).toEqual(gone === undefined ? [] : [gone])
    if (gone !== undefined) seen.push(now[gone]!)
    changes += changed.length
    known = now
  }
  // 10,000 batches, each replacing one arm with probability 0.1: standard deviation 30.
  expect(Math.abs(changes - 1000)).toBeLessThan(120)
  const { mean, error } = toEstimate(seen)
  expect(Math.abs(mean - 0.5)).toBeLessThan(4 * error)
  // Beta(4, 4) has a standard deviation of 1/6.
  expect(error * Math.sqrt(seen.length)).toBeCloseTo(1 / 6, 1)
})

test('delays by quantiles have them', () => {
  const points = [
    { share: 0.5, steps: 10 },
    { share: 0.9, steps: 50 },
    { share: 0.99, steps: 500 },
  ]
  const arms = bernoulliArms([0.5], { kind: 'quantiles', points })
  const nature = createNature(world({ arms }), createStream(2, 0, 'nature'))
  const delays = Array.from({ length: 20_000 }, () => nature.delay(0))
  for (const { share, steps } of [{ share: 0.25, steps: 5 }, { share: 0.7, steps: 30 }, ...points]) {
    const seen = delays.filter((delay) => delay < steps).length / 20_000
    expect(Math.abs(seen - share)).toBeLessThan(4 * Math.sqrt((share * (1 - share)) / 20_000))
  }
  expect(Math.max(...delays)).toBe(500)
})
