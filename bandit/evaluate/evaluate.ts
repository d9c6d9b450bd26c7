import { collapse, sumByCluster, toClusters, type Clusters } from './clusters.ts'
import { toTerms, valueOf, type EstimatorName } from './estimators.ts'
import type { History } from './history.ts'
import { bootstrap, empiricalBernstein, resamplesFor, type Interval } from './intervals.ts'
import { toOutcomes } from './outcomes.ts'
import { replay, type Target } from './replay.ts'
import { fitRewards } from './fitted-rewards.ts'
import { weightFacts, type Samples, type WeightFacts } from './samples.ts'
import { createSupportCheck, type Support } from './support.ts'

export interface EvaluateOptions {
  /** M of the clipped estimators and of the switch. */
  readonly maxWeight: number
  /** Of the intervals, 0.95 = 95 %. */
  readonly confidence: number
  readonly seed: number
  /** With a smaller effective sample size there is no answer. */
  readonly minEffective: number
  /** With a larger share of the target's choices unknown to the log there is no answer. */
  readonly maxMissing: number
}

export interface Evaluation {
  readonly target: string
  /** Decisions whose reward is known, on which all of this rests. */
  readonly decisions: number
  /** Keys that they are of, where keys stayed with their arms: intervals are over these. */
  readonly units?: number
  readonly unrewarded: number
  readonly open: number
  /** What the log's own policy earned. */
  readonly logged: { readonly value: number; readonly interval: Interval }
  /** Empty when there is nothing to judge by. */
  readonly estimates: readonly Estimate[]
  readonly resamples: number
  readonly weights: WeightFacts
  readonly support: Support
  /** Why the estimates must not be trusted; empty when they may. */
  readonly refusals: readonly string[]
}

export interface Estimate {
  readonly name: EstimatorName
  readonly value: number
  /** By bootstrap. */
  readonly interval: Interval
  /** Empirical Bernstein, where the terms are known to be bounded. */
  readonly bernstein: Interval | undefined
}

/** Judges a policy by what another one did, and says when the log cannot tell. */
export function evaluate(history: History, target: Target, options: EvaluateOptions): Evaluation {
  const { unrewarded, open, ...outcomes } = toOutcomes(history)
  const { samples, support, clusters } = toSamples(history, target, outcomes.rewards)
  const decisions = samples.rewards.length
  const weights = weightFacts(samples.weights, clusters)
  const units = clusters && { units: clusters.sizes.length }
  const facts = { target: target.name, decisions, ...units, unrewarded, open, weights, support }
  if (decisions === 0) {
    const refusals = ['no decision of the log has a reward yet: send feedback, or wait for the window to end']
    return { ...facts, logged: { value: NaN, interval: [NaN, NaN] }, estimates: [], resamples: 0, refusals }
  }

  const terms = toTerms(samples, options.maxWeight)
  const resamples = resamplesFor(decisions)
  const own = { name: 'dm', top: samples.rewards, bottom: undefined } as const
  const drawn = [own, ...terms].map((each) => (clusters === undefined ? each : collapse(each, clusters)))
  const [ownInterval, ...intervals] = bootstrap(drawn, { ...options, resamples })
  const { low, high } = history.learning.bounds
  const ranges = { ips: support.maxRatio, clipped: Math.min(options.maxWeight, support.maxRatio) }
  const estimates = terms.map((term, at): Estimate => {
    const ratio = term.name === 'ips' || term.name === 'clipped' ? ranges[term.name] : undefined
    const range = (Math.max(0, high) - Math.min(0, low)) * (ratio ?? NaN)
    const bernstein = ratio && boundOf(term.top, range, clusters, options.confidence)
    return {
      name: term.name,
      value: valueOf(term),
      interval: intervals[at]!,
      bernstein: bernstein === 0 ? undefined : bernstein,
    }
  })
  const logged = { value: valueOf(own), interval: ownInterval! }
  return { ...facts, logged, estimates, resamples, refusals: refusalsOf(weights, support, options) }
}

/** Where decisions belong together, their clusters are what is independent: each weighs as its size among the clusters. */
function boundOf(
  terms: Float64Array,
  range: number,
  clusters: Clusters | undefined,
  confidence: number,
): Interval {
  if (clusters === undefined) return empiricalBernstein(terms, range, confidence)
  const scale = clusters.sizes.length / terms.length
  const sums = sumByCluster(terms, clusters).map((sum) => sum * scale)
  return empiricalBernstein(sums, range * scale * Math.max(...clusters.sizes), confidence)
}

/** The decisions whose reward is known; the others are replayed for what the target would have learned. */
function toSamples(
  history: History,
  target: Target,
  outcomes: Float64Array,
): { readonly samples: Samples; readonly support: Support; readonly clusters: Clusters | undefined } {
  const at = [...outcomes.keys()].filter((index) => !Number.isNaN(outcomes[index]!))
  const judged = at.map((index) => history.decisions[index]!)
  const rewards = Float64Array.from(at, (index) => outcomes[index]!)
  const model = fitRewards(judged, rewards)
  const check = createSupportCheck(judged.length)
  const samples = {
    rewards,
    weights: new Float64Array(at.length),
    direct: new Float64Array(at.length),
    predicted: new Float64Array(at.length),
  }
  let next = 0
  let index = -1
  for (const distribution of replay(history, target)) {
    index += 1
    if (Number.isNaN(outcomes[index]!)) continue
    const decision = judged[next]!
    const { arms, propensities, chosen } = decision
    check.add(arms, distribution, propensities)
    samples.weights[next] = distribution[chosen]! / propensities[chosen]!
    samples.predicted[next] = model.expect(decision, arms[chosen]!)
    for (const [arm, name] of arms.entries()) {
      if (distribution[arm] === 0) continue
      samples.direct[next]! += distribution[arm]! * model.expect(decision, name)
      model.want(decision, name, distribution[arm]!)
    }
    next += 1
  }
  return {
    samples: { ...samples, leverage: model.leverage() },
    support: check.result(),
    clusters: toClusters(judged),
  }
}

function refusalsOf(
  { effective }: WeightFacts,
  { missing, byArm }: Support,
  { minEffective, maxMissing }: EvaluateOptions,
): string[] {
  const refusals: string[] = []
  if (missing > maxMissing) {
    const arms = [...byArm].map(([arm, share]) => `${arm} ${percent(share)}`).join(', ')
    refusals.push(
      `the log says nothing of ${percent(missing)} of what this policy would do (${arms}), more than ${percent(maxMissing)}: give those arms a min_share and log on`,
    )
  }
  if (effective < minEffective) {
    refusals.push(
      `the effective sample size is ${effective.toFixed(1)}, less than ${minEffective}: a few decisions would decide the answer; log on, or with a more even policy`,
    )
  }
  return refusals
}

function percent(share: number): string {
  return `${Number((share * 100).toPrecision(3))} %`
}
