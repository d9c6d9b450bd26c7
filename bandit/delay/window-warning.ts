import { probabilityBest } from '../policies/probability-best.ts'
import { betaPosterior } from '../beliefs/posterior.ts'
import { binCount, binsInWindow, edgeOf } from './bins.ts'

/** The window of an endpoint hides so many of an arm's rewards that another arm looks best. */
export interface WindowWarning {
  readonly code: 'window_hides_best_arm'
  readonly windowMs: number
  /** Best by the rewards within the window. */
  readonly best: string
  /** Best with the rewards heard of until `flipsAtMs`, the shortest window that tells. */
  readonly better: string
  readonly flipsAtMs: number
  readonly arms: readonly { readonly name: string; readonly hiddenShare: number }[]
  readonly detail: string
}

export interface WatchedArm {
  readonly name: string
  /** Weighted decisions learned and their rewards. */
  readonly count: number
  readonly sum: number
  /** By bin of delay, after the window too. */
  readonly rewards: Float64Array
}

/** Less than this share of an arm's rewards hidden is no reason to change a window. */
const leastShare = 0.05
/** How sure it must be that the other arm is better. */
const leastProbability = 0.8

/**
 * Counts the rewards that came too late as if the window had been longer, bin by bin up to sixteen windows, and
 * tells when another arm than the learned best is then likely the best one. Feedback must keep coming after the
 * window to be counted, and younger decisions still miss some of it: shares are at least these. Exact for rewards
 * of 0 and 1; `defaultShare` is what a decision without feedback was learned as, undefined = nothing.
 */
export function warnOfWindow(
  arms: readonly WatchedArm[],
  windowMs: number,
  defaultShare: number | undefined,
): WindowWarning | undefined {
  const judged = arms.filter(({ count }) => count > 0)
  const best = most(judged, ({ count, sum }) => sum / count)
  if (best === undefined) return undefined
  for (let bin = binsInWindow; bin < binCount; bin++) {
    const longer = judged.map((arm) => withLate(arm, bin, defaultShare))
    const better = most(longer, ({ count, sum }) => sum / count)!
    if (better.name === best.name || better.hiddenShare < leastShare) continue
    const rivals = [better, longer.find(({ name }) => name === best.name)!]
    if (probabilityBest(rivals.map((arm) => betaPosterior(arm)))[0]! < leastProbability) continue
    return toWarning(best.name, better.name, windowMs, edgeOf(bin, windowMs), judged)
  }
  return undefined
}

function withLate(arm: WatchedArm, bin: number, defaultShare: number | undefined) {
  const late = lateRewards(arm, bin)
  return {
    name: arm.name,
    count: arm.count + (defaultShare === undefined ? late : 0),
    sum: arm.sum + late * (1 - (defaultShare ?? 0)),
    hiddenShare: hiddenShare(arm, bin),
  }
}

function lateRewards({ rewards }: WatchedArm, bin: number): number {
  return rewards.subarray(binsInWindow, bin + 1).reduce((sum, value) => sum + value, 0)
}

function hiddenShare(arm: WatchedArm, bin: number): number {
  const late = lateRewards(arm, bin)
  const inTime = arm.rewards.subarray(0, binsInWindow).reduce((sum, value) => sum + value, 0)
  return late > 0 ? late / (late + inTime) : 0
}

function toWarning(
  best: string,
  better: string,
  windowMs: number,
  flipsAtMs: number,
  judged: readonly WatchedArm[],
): WindowWarning {
  const arms = judged.map((arm) => ({ name: arm.name, hiddenShare: hiddenShare(arm, binCount - 1) }))
  const percent = Math.round(100 * arms.find(({ name }) => name === better)!.hiddenShare)
  const detail =
    `at least ${percent} % of the rewards of ${better} come after the window of ${seconds(windowMs)}; ` +
    `with a window of ${seconds(flipsAtMs)} it would be better than ${best}: ` +
    'lengthen reward.window, or set reward.delay to corrected with a longer one'
  return { code: 'window_hides_best_arm', windowMs, best, better, flipsAtMs, arms, detail }
}

function seconds(ms: number): string {
  return `${Number((ms / 1000).toPrecision(3))} s`
}

function most<T>(items: readonly T[], value: (item: T) => number): T | undefined {
  return items.reduce<T | undefined>(
    (top, item) => (top === undefined || value(item) > value(top) ? item : top),
    undefined,
  )
}
