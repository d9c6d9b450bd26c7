/** Integrates over [−1, 1] from values at the nodes; exact for polynomials of degree < 2 · order. */
export interface QuadratureRule {
  readonly nodes: Float64Array
  readonly weights: Float64Array
  /** Row i integrates from −1 to node i: order × order, row-major, exact below degree `order`. */
  readonly cumulative: Float64Array
}

/**
 * Gauss–Legendre: the nodes are the roots of the Legendre polynomial Pₙ, found by Newton's method. A cumulative
 * integral is that of the polynomial through the nodes,
 * Σₖ (2k+1)/2 · Pₖ(x_q) w_q · ∫Pₖ with ∫₋₁ˣ Pₖ = (Pₖ₊₁(x) − Pₖ₋₁(x)) / (2k+1).
 */
export function createGaussLegendre(order: number): QuadratureRule {
  const nodes = Float64Array.from({ length: order }, (_, at) => root(order, at))
  const weights = nodes.map((x) => 2 / ((1 - x * x) * slope(order, x) ** 2))
  const polynomials = Array.from(nodes, (x) => legendre(order, x))
  const cumulative = new Float64Array(order * order)
  for (let row = 0; row < order; row++) {
    for (let column = 0; column < order; column++) {
      const from = polynomials[column]!
      const to = polynomials[row]!
      let integral = from[0]! * (to[1]! + 1)
      for (let k = 1; k < order; k++) integral += from[k]! * (to[k + 1]! - to[k - 1]!)
      cumulative[row * order + column] = (integral * weights[column]!) / 2
    }
  }
  return { nodes, weights, cumulative }
}

function root(order: number, at: number): number {
  let x = -Math.cos((Math.PI * (at + 0.75)) / (order + 0.5))
  for (let step = 0; step < 10; step++) x -= legendre(order, x)[order]! / slope(order, x)
  return x
}

function slope(order: number, x: number): number {
  const values = legendre(order, x)
  return (order * (x * values[order]! - values[order - 1]!)) / (x * x - 1)
}

/** P₀(x) … Pₙ(x) by Bonnet's recurrence. */
function legendre(order: number, x: number): Float64Array {
  const values = new Float64Array(order + 1)
  values[0] = 1
  values[1] = x
  for (let k = 1; k < order; k++)
    values[k + 1] = ((2 * k + 1) * x * values[k]! - k * values[k - 1]!) / (k + 1)
  return values
}
