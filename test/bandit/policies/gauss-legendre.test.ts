import { expect, test } from 'vitest'
import { createGaussLegendre } from '../../../bandit/policies/gauss-legendre.ts'

const order = 16
const { nodes, weights, cumulative } = createGaussLegendre(order)

function sumOver(values: ArrayLike<number>, f: (x: number) => number): number {
  return nodes.reduce((sum, x, at) => sum + values[at]! * f(x), 0)
}

test('the two-point rule has its textbook nodes and weights', () => {
  const rule = createGaussLegendre(2)
  expect(rule.nodes[0]).toBeCloseTo(-1 / Math.sqrt(3), 15)
  expect(rule.nodes[1]).toBeCloseTo(1 / Math.sqrt(3), 15)
  expect([...rule.weights]).toEqual([expect.closeTo(1, 14), expect.closeTo(1, 14)])
})

test('polynomials up to degree 2n − 1 are integrated exactly, and x²ⁿ is not', () => {
  for (let degree = 0; degree < 2 * order; degree++) {
    expect(sumOver(weights, (x) => x ** degree)).toBeCloseTo(degree % 2 === 0 ? 2 / (degree + 1) : 0, 14)
  }
  expect(Math.abs(sumOver(weights, (x) => (2 * x) ** 32) - 2 ** 33 / 33)).toBeGreaterThan(1e-2)
})

test('cumulative integrals up to every node are exact below degree n', () => {
  for (let degree = 0; degree < order; degree++) {
    for (const [at, x] of nodes.entries()) {
      const row = cumulative.subarray(at * order, (at + 1) * order)
      const exact = (x ** (degree + 1) - (-1) ** (degree + 1)) / (degree + 1)
      expect(sumOver(row, (y) => y ** degree)).toBeCloseTo(exact, 13)
    }
  }
})
