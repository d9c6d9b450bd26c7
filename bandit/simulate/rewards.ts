import { compiled, ndtr } from 'cephes'
import { sampleNormal } from './sampling.ts'
import type { Uniform } from './streams.ts'
import type { MeanPath, RewardLaw } from './world.ts'

await compiled

/** One reward in [0, 1] of a decision made at `step`, in a context that adds `shift` to the mean. */
export function drawReward(law: RewardLaw, step: number, uniform: Uniform, shift = 0): number {
  switch (law.kind) {
    case 'bernoulli':
      return uniform() < meanAt(law.mean, step) + shift ? 1 : 0
    case 'gaussian':
      return Math.min(1, Math.max(0, meanAt(law.mean, step) + shift + law.sd * sampleNormal(uniform)))
    case 'list':
      return law.values[Math.floor(uniform() * law.values.length)]!
  }
}

/** What a decision made at `step` earns on average, in a context that adds `shift` to the mean. */
export function expectedReward(law: RewardLaw, step: number, shift = 0): number {
  switch (law.kind) {
    case 'bernoulli':
      return meanAt(law.mean, step) + shift
    case 'gaussian':
      return cutOffMean(meanAt(law.mean, step) + shift, law.sd)
    case 'list':
      return law.values.reduce((sum, value) => sum + value, 0) / law.values.length
  }
}

/** The first step after `step` at which the law is another one; Infinity = never. */
export function nextChange(law: RewardLaw, step: number): number {
  if (law.kind === 'list') return Infinity
  const { points, between } = law.mean
  const next = points.find(({ at }) => at > step)?.at ?? Infinity
  return between === 'lines' && next < Infinity ? step + 1 : next
}

export function meanAt({ points, between }: MeanPath, step: number): number {
  let last = points[0]!
  for (const point of points) {
    if (point.at > step) {
      if (between === 'steps' || last.at > step) return last.mean
      return last.mean + ((point.mean - last.mean) * (step - last.at)) / (point.at - last.at)
    }
    last = point
  }
  return last.mean
}

/** E min(1, max(0, X)) for X ~ N(μ, σ²) = μ (Φ(b) − Φ(a)) − σ (φ(b) − φ(a)) + 1 − Φ(b), a = −μ/σ, b = (1 − μ)/σ. */
function cutOffMean(mean: number, sd: number): number {
  const [a, b] = [-mean / sd, (1 - mean) / sd]
  if (a < -reach && b > reach) return mean
  return mean * (ndtr(b) - ndtr(a)) - sd * (density(b) - density(a)) + 1 - ndtr(b)
}

/** Beyond so many deviations nothing is left that a double could hold beside the mean. */
const reach = 9

function density(x: number): number {
  return Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI)
}
