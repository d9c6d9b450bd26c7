import { describe, expect, test } from 'vitest'
import { factorise } from '../../../bandit/linear/cholesky.ts'
import { createRidges } from '../../../bandit/linear/ridge.ts'
import { linearDelta, weighLinear, type LinearSums } from '../../../bandit/linear/sums.ts'
import { inverseOf, randomRows, upperOf } from '../support/matrices.ts'
import { uniformSource } from '../support/random-source.ts'

const sums = (dimension: number, gram: number[], moment: number[]): LinearSums => ({
  dimension,
  gram: Float64Array.from(gram),
  moment: Float64Array.from(moment),
})

describe('ridge regression by hand', () => {
  test('in one dimension is the shrunken mean', () => {
    const { predict, uncertainty, residual } = createRidges(1)(sums(1, [4], [3]))
    // (4 + 1) θ = 3
    expect(predict(Float64Array.of(1))).toBeCloseTo(0.6, 15)
    expect(uncertainty(Float64Array.of(1))).toBeCloseTo(1 / 5, 15)
    expect(uncertainty(Float64Array.of(0.5))).toBeCloseTo(0.25 / 5, 15)
    // Rewards 1, 1, 1, 0: Σ (r − 0.6)² + 0.6² = 0.84 + 0.36
    expect(residual(3)).toBeCloseTo(1.2, 15)
  })

  test('in two dimensions is the inverse of a two by two matrix', () => {
    // A = [[3, 1], [1, 2]], A⁻¹ = [[2, −1], [−1, 3]] / 5, θ = A⁻¹ (1, 0.5) = (0.3, 0.1)
    const { weights, uncertainty } = createRidges(1)(sums(2, [2, 1, 1], [1, 0.5]))
    expect(weights[0]).toBeCloseTo(0.3, 15)
    expect(weights[1]).toBeCloseTo(0.1, 15)
    expect(uncertainty(Float64Array.of(1, 1))).toBeCloseTo(3 / 5, 15)
    expect(uncertainty(Float64Array.of(1, -1))).toBeCloseTo(7 / 5, 15)
  })

  test('of nothing predicts 0 and knows nothing', () => {
    const { predict, uncertainty } = createRidges(4)(sums(2, [0, 0, 0], [0, 0]))
    expect(predict(Float64Array.of(1, 1))).toBe(0)
    expect(uncertainty(Float64Array.of(1, 1))).toBeCloseTo(0.5, 15)
  })

  test('needs a ridge above 0', () => {
    expect(() => createRidges(0)).toThrow(RangeError)
    expect(() => createRidges(Number.NaN)).toThrow(RangeError)
  })
})

test.each([1, 2, 5, 17, 40])('agrees with the plain inverse in %i dimensions', (dimension) => {
  const random = uniformSource(dimension)
  const rows = randomRows(3 * dimension, dimension, random)
  const gram = upperOf(rows, dimension)
  const moment = Float64Array.from({ length: dimension }, () => random() * 5)
  const { weights, predict, uncertainty } = createRidges(0.5)({ dimension, gram, moment })
  const inverse = inverseOf(gram, dimension, 0.5)
  const [x] = randomRows(1, dimension, random)
  const apply = (b: Float64Array) =>
    inverse.map((row) => row.reduce((sum, value, at) => sum + value * b[at]!, 0))
  const dot = (a: readonly number[], b: Float64Array) => a.reduce((sum, value, at) => sum + value * b[at]!, 0)
  for (const [at, weight] of apply(moment).entries()) expect(weights[at]).toBeCloseTo(weight, 9)
  expect(predict(x!)).toBeCloseTo(dot(apply(moment), x!), 9)
  expect(uncertainty(x!)).toBeCloseTo(dot(apply(x!), x!), 9)
})

test('a million decisions in one context leave a factor and a variance above 0', () => {
  const dimension = 128
  const random = uniformSource(9)
  const x = Float64Array.from({ length: dimension }, (_, at) =>
    at === 0 ? 1 : Math.round(2000 * random() - 1000) / 1000,
  )
  const delta = linearDelta(x, 700_003, 1.3)
  const epochs = new Map([[0, delta.map((value) => value * 1e6)]])
  const learned = weighLinear(epochs, () => 1, { from: 0, dimension })
  const lower = factorise(learned.gram, dimension, 1)
  expect(lower.every(Number.isFinite)).toBe(true)
  const { predict, uncertainty } = createRidges(1)(learned)
  expect(predict(x)).toBeCloseTo(0.7, 4)
  // Nothing is made up where nothing was seen.
  const across = x.map((value, at) => (at % 2 === 0 ? value : -value))
  const dot = (b: Float64Array) => x.reduce((sum, value, at) => sum + value * b[at]!, 0)
  expect(predict(across)).toBeCloseTo((0.7 * dot(across)) / dot(x), 3)
  expect(uncertainty(x)).toBeGreaterThan(0)
  expect(uncertainty(x)).toBeLessThan(1e-4)
  expect(uncertainty(x.map((value, at) => (at === 0 ? 1 : -value)))).toBeGreaterThan(0.1)
})

test('sums are solved once', () => {
  const ridgeOf = createRidges(1)
  const learned = sums(1, [4], [3])
  expect(ridgeOf(learned)).toBe(ridgeOf(learned))
  expect(ridgeOf(sums(1, [4], [3]))).not.toBe(ridgeOf(learned))
})
