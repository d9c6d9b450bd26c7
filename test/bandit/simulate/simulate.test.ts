import { expect, test } from 'vitest'
import { simulate } from '../../../bandit/simulate/simulate.ts'
import type { Simulation } from '../../../bandit/simulate/simulation.ts'
import { bernoulliArms } from '../../../bandit/simulate/world.ts'
import { bessonMeans, contender, world } from './fixture.ts'

const simulation = (changes: Partial<Simulation>): Simulation => ({
  world: world(),
  contenders: [contender('uniform')],
  runs: 100,
  seed: 7,
  checkpoints: [10, 100],
  ...changes,
})

test('uniform loses the mean gap at every decision, within 4 standard errors', async () => {
  const [{ regret, shares } = never()] = await simulate(simulation({ runs: 2000 }), { cores: 1 })
  const gap = bessonMeans.reduce((sum, mean) => sum + 0.7 - mean, 0) / bessonMeans.length
  for (const [at, decisions] of [10, 100].entries()) {
    const { mean, error } = regret[at]!
    expect(Math.abs(mean - gap * decisions)).toBeLessThan(4 * error)
    // The law of one decision has a standard deviation of 0.17 here: the error itself must be right, too.
    const sd = Math.sqrt(bessonMeans.reduce((sum, mean) => sum + (0.7 - mean - gap) ** 2, 0) / 5)
    expect(error / (sd * Math.sqrt(decisions / 2000))).toBeCloseTo(1, 1)
  }
  for (const share of shares[1]!) expect(share).toBeCloseTo(0.2, 1)
})

test('a single arm has no regret and all of the pulls', async () => {
  const alone = simulation({
    world: world({ arms: bernoulliArms([0.3]) }),
    contenders: [contender('thompson')],
  })
  const [{ regret, shares } = never()] = await simulate(alone, { cores: 1 })
  expect(regret.map(({ mean }) => mean)).toEqual([0, 0])
  expect(shares.map(([share]) => share)).toEqual([1, 1])
})

test('the seed alone decides: one thread and three give the same bits, another seed others', async () => {
  const contenders = [contender('ucb1'), contender('uniform')]
  const longer = simulation({
    world: world({ horizon: 1000 }),
    contenders,
    runs: 40,
    checkpoints: [100, 1000],
  })
  const [one, three, other] = await Promise.all([
    simulate(longer, { cores: 1 }),
    simulate(longer, { cores: 3 }),
    simulate({ ...longer, seed: 8 }, { cores: 1 }),
  ])
  expect(three).toEqual(one)
  expect(other[0]!.regrets).not.toEqual(one[0]!.regrets)
})

test('progress ends at the number of all decisions', async () => {
  const seen: [number, number][] = []
  const contenders = [contender('uniform'), contender('ucb1')]
  await simulate(simulation({ contenders }), { cores: 1, onProgress: (...step) => seen.push(step) })
  expect(seen.at(-1)).toEqual([20_000, 20_000])
})

test('a thread that fails ends the simulation with its error', async () => {
  const contenders = [contender('nobody'), contender('uniform')]
  await expect(simulate(simulation({ contenders }), { cores: 2 })).rejects.toThrow('no policy nobody')
})

const never = (): never => expect.unreachable()
