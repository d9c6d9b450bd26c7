import { uniformInt } from 'pure-rand/distribution/uniformInt'
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus'
import type { Summands } from './summands.ts'

export type Interval = readonly [low: number, high: number]

/** Draws of one decision that all resamples together may take, so that a large log is judged in seconds. */
const mostDraws = 2e7

/** Resamples for a log of `decisions`: 1000, and fewer, but at least 200, for more than 20,000. */
export function resamplesFor(decisions: number): number {
  return Math.max(200, Math.min(1000, Math.floor(mostDraws / decisions)))
}

/**
 * Percentile bootstrap (B. Efron 1979): decisions are drawn with replacement, as many as there are, and every
 * estimate made anew; the interval leaves out (1 − confidence) / 2 of the resamples on each side. The same seed
 * gives the same intervals. It assumes decisions that say something independently of each other, and it is too
 * narrow where a few large weights decide, which is what the effective sample size is for.
 */
export function bootstrap(
  terms: readonly Summands[],
  { seed, resamples, confidence }: { seed: number; resamples: number; confidence: number },
): Interval[] {
  const count = terms[0]?.top.length ?? 0
  const generator = xoroshiro128plus(seed)
  const values = terms.map(() => new Float64Array(resamples))
  const drawn = new Float64Array(count)
  for (let resample = 0; resample < resamples; resample++) {
    drawn.fill(0)
    for (let draw = 0; draw < count; draw++) drawn[uniformInt(generator, 0, count - 1)]! += 1
    for (const [index, { top, bottom, spread }] of terms.entries()) {
      values[index]![resample] =
        dot(drawn, spread ?? top) / (bottom === undefined ? count : dot(drawn, bottom))
    }
  }
  return values.map((estimates) => percentiles(estimates.toSorted(), confidence))
}

/**
 * Empirical Bernstein bound for a mean of terms that lie within `range`, each side at half the risk δ:
 * ± √(2 V ln(3/δ) / n) + 3 · range · ln(3/δ) / n, V the sample variance. It holds for every n and needs no
 * large-sample argument. J.-Y. Audibert, R. Munos and C. Szepesvári, Exploration-exploitation tradeoff using
 * variance estimates in multi-armed bandits, Theoretical Computer Science 410 (2009).
 */
export function empiricalBernstein(terms: Float64Array, range: number, confidence: number): Interval {
  const count = terms.length
  const mean = terms.reduce((all, term) => all + term, 0) / count
  const variance = terms.reduce((all, term) => all + (term - mean) ** 2, 0) / count
  const logRisk = Math.log(3 / (1 - confidence))
  const margin = Math.sqrt((2 * variance * logRisk) / count) + (3 * range * logRisk) / count
  return [mean - margin, mean + margin]
}

function percentiles(sorted: Float64Array, confidence: number): Interval {
  const tail = (1 - confidence) / 2
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]!
  return [at(tail), at(1 - tail)]
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0
  for (let at = 0; at < a.length; at++) sum += a[at]! * b[at]!
  return sum
}
