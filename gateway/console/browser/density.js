/**
 * @typedef {import('../shape.ts').ArmNow} ArmNow
 * @typedef {import('../shape.ts').Posterior} Posterior
 * @typedef {{ low: number, high: number }} Bounds
 */

/** 95 % quantile of the standard normal distribution. */
const reach = 1.6448536
const points = 320

/**
 * Where there is something to see: all intervals with a third of their width around, within the bounds of the reward.
 *
 * @param {readonly ArmNow[]} arms
 * @param {Bounds} bounds
 */
export function gridOf(arms, { low, high }) {
  const from = Math.min(...arms.map(({ interval }) => interval[0] - (interval[1] - interval[0]) / 1.5))
  const to = Math.max(...arms.map(({ interval }) => interval[1] + (interval[1] - interval[0]) / 1.5))
  const start = Math.max(low, from)
  const end = Math.max(Math.min(high, to), start + (high - low) * 1e-6)
  return Array.from({ length: points + 1 }, (_, at) => start + ((end - start) * at) / points)
}

/**
 * The density of an arm's mean reward at every point of a grid, in the reward's own unit.
 *
 * @param {Pick<ArmNow, 'mean' | 'interval' | 'posterior'>} arm
 * @param {readonly number[]} grid
 * @param {Bounds} bounds
 * @returns {number[]}
 */
export function densityOf({ mean, interval, posterior }, grid, bounds) {
  const width = bounds.high - bounds.low
  const shares = grid.map((x) => (x - bounds.low) / width)
  const logDensity = posterior === undefined ? normal(mean, interval, bounds) : logOf(posterior)
  return shares.map((share) => Math.exp(logDensity(share)) / width)
}

/** @param {Posterior} posterior */
function logOf(posterior) {
  if (posterior.kind === 'beta') return beta(posterior.alpha, posterior.beta)
  return studentT(posterior.location, posterior.scale, posterior.degrees)
}

/**
 * @param {number} a
 * @param {number} b
 * @returns {(share: number) => number}
 */
function beta(a, b) {
  const constant = logGamma(a + b) - logGamma(a) - logGamma(b)
  // At the very ends a density may be infinite; a hair inside it is not.
  return (share) => {
    const x = Math.min(1 - 1e-6, Math.max(1e-6, share))
    return constant + (a - 1) * Math.log(x) + (b - 1) * Math.log1p(-x)
  }
}

/**
 * @param {number} location
 * @param {number} scale
 * @param {number} degrees
 * @returns {(share: number) => number}
 */
function studentT(location, scale, degrees) {
  const half = (degrees + 1) / 2
  const constant = logGamma(half) - logGamma(degrees / 2) - Math.log(Math.PI * degrees) / 2 - Math.log(scale)
  return (share) => constant - half * Math.log1p(((share - location) / scale) ** 2 / degrees)
}

/**
 * Where the distribution has no name, a normal one with the same mean and as wide an interval.
 *
 * @param {number} mean
 * @param {readonly [number, number]} interval
 * @param {Bounds} bounds
 * @returns {(share: number) => number}
 */
function normal(mean, [from, to], { low, high }) {
  const centre = (mean - low) / (high - low)
  const deviation = Math.max(1e-9, (to - from) / (high - low) / (2 * reach))
  const constant = -Math.log(deviation * Math.sqrt(2 * Math.PI))
  return (share) => constant - ((share - centre) / deviation) ** 2 / 2
}

/** The Stirling series, reached from below by Γ(x + 1) = x Γ(x); relative error below 10⁻¹⁰. @param {number} x */
function logGamma(x) {
  let shift = 0
  let at = x
  while (at < 8) shift += Math.log(at++)
  const square = 1 / (at * at)
  const series = (1 / 12 - square * (1 / 360 - square * (1 / 1260 - square / 1680))) / at
  return (at - 0.5) * Math.log(at) - at + Math.log(2 * Math.PI) / 2 + series - shift
}
