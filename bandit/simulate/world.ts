import type { Delay } from '../delay/delay.ts'
import type { ContextLaw } from './contexts/context-law.ts'

/**
 * What a simulation plays on. Time is counted in decisions: a delay of 100 is 100 decisions long. Plain data
 * throughout, so that it can be written in a file and handed to another thread.
 */
export interface World {
  /** At least one. */
  readonly arms: readonly SimulatedArm[]
  /** Decisions in a run. */
  readonly horizon: number
  /** The policy sees what has arrived once every so many decisions; 1 = at each. */
  readonly batch: number
  readonly feedback: FeedbackRule
  /** Arms come and go, where there is one. */
  readonly turnover?: Turnover
  /** What each decision is made in; absent = nothing tells them apart. */
  readonly contexts?: ContextLaw
}

export interface SimulatedArm {
  readonly name: string
  readonly reward: RewardLaw | DrawnLaw
  readonly delay: DelayLaw
}

export type RewardLaw =
  /** 1 with probability `mean`, else 0. */
  | { readonly kind: 'bernoulli'; readonly mean: MeanPath }
  /** Normal around `mean`, cut off at 0 and 1. */
  | { readonly kind: 'gaussian'; readonly mean: MeanPath; readonly sd: number }
  /** Any of these values from 0 to 1, all equally likely. */
  | { readonly kind: 'list'; readonly values: readonly number[] }

/** A mean that is not known, as 1 with a probability that each run draws anew from Beta(α, β). */
export interface DrawnLaw {
  readonly kind: 'drawn'
  readonly alpha: number
  readonly beta: number
}

/** A mean over time, by rising `at`: it stays from one point to the next, or moves there in a straight line. */
export interface MeanPath {
  readonly points: readonly { readonly at: number; readonly mean: number }[]
  readonly between: 'steps' | 'lines'
}

/** How long after its decision a reward is there; 0 = for the next decision. Means count in decisions. */
export type DelayLaw =
  | { readonly kind: 'constant'; readonly steps: number }
  /** Whole numbers from 0 on. */
  | { readonly kind: 'geometric'; readonly mean: number }
  | { readonly kind: 'exponential'; readonly mean: number }
  /** Straight lines through these quantiles, by rising `share` from 0 to 1; none is beyond the last one. */
  | { readonly kind: 'quantiles'; readonly points: readonly DelayQuantile[] }

export interface DelayQuantile {
  /** Of the rewards, that have come by then. */
  readonly share: number
  readonly steps: number
}

/** What becomes of a reward on its way to the statistics. */
export interface FeedbackRule {
  /** A decision is closed this many decisions later, and what would come then is lost; absent = never. */
  readonly window?: number
  /** Counted for a decision that is closed without a reward; absent = nothing is. */
  readonly default?: number
  /**
   * Learn a reward when it comes, or every decision, either way, when its window closes, or rewards when they come
   * and silence by how much of it is to be expected. The last one needs a window, and knows no default.
   */
  readonly learn: Delay
  /** True when a reward of 0 never reports: only successes send anything. */
  readonly silentFailures: boolean
}

/** Arms that are drawn at the start and replaced as time goes by. It takes the place of their own means. */
export interface Turnover {
  /** Chance, at each decision, that one arm goes and a new one takes its place; looked at once a batch. */
  readonly rate: number
  /** Law of a new arm's mean. */
  readonly means: { readonly alpha: number; readonly beta: number }
}

export const promptFeedback: FeedbackRule = { learn: 'arrival', silentFailures: false }
export const noDelay: DelayLaw = { kind: 'constant', steps: 0 }

export function constantMean(mean: number): MeanPath {
  return { points: [{ at: 0, mean }], between: 'steps' }
}

/** Bernoulli arms with these means whose rewards are there for the next decision. */
export function bernoulliArms(means: readonly number[], delay: DelayLaw = noDelay): SimulatedArm[] {
  return means.map((mean, index) => ({
    name: `arm-${index + 1}`,
    reward: { kind: 'bernoulli', mean: constantMean(mean) },
    delay,
  }))
}
