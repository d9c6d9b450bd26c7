import { defaultContribution } from './contribution.ts'
import type { Delay } from '../delay/delay.ts'
import { toNet, type Net, type Penalty } from './penalty.ts'
import type { Standing } from '../store/store.ts'
import type { Decision } from '../types.ts'

interface Asked extends Pick<Decision, 'penaltyMicro'> {
  readonly features?: Float64Array | undefined
}

export interface SilenceRules {
  readonly defaultMicro?: number | undefined
  /** Numbers in an encoded context; absent where the endpoint declares none. */
  readonly dimension?: number | undefined
  readonly penalty?: Penalty | undefined
}

/**
 * What a decision is learned as if nothing is ever heard of it, D(x): the default reward in its own context, less what its
 * answer cost. Undefined where there is no default, and where every decision of a bucket gets the same.
 *
 * It comes with the pull and is held by the bucket until that is closed. So at the end a bucket holds Σ D(x) of exactly
 * the decisions that nobody settled, once whoever settles one takes its D(x) out again.
 */
export function silenceOf(
  { features, penaltyMicro }: Asked,
  weight: number,
  rules: SilenceRules & Net,
): Float64Array | undefined {
  if (rules.defaultMicro === undefined || !isOwn(rules)) return undefined
  return defaultContribution(toNet(rules.defaultMicro, rules, penaltyMicro), weight, features)
}

/** Whether what silence is worth differs from decision to decision, so that it comes with the pull. */
export function isOwn({ dimension, penalty }: Omit<SilenceRules, 'defaultMicro'>): boolean {
  return dimension !== undefined || penalty !== undefined
}

/**
 * How often a decision of that standing has had its D(x) taken out of what the bucket holds, and out of the sums. Where
 * silence is judged by its age the bucket holds all pulls that were shown, rewarded or not, as the age of all of them
 * counts; a reward then adds to the sums what it is worth beyond silence.
 */
function taken(standing: Standing, delay: Delay): { readonly held: number; readonly sums: number } {
  if (standing === 'unsettled') return { held: 0, sums: 0 }
  return standing === 'rewarded' && delay === 'corrected' ? { held: 0, sums: 1 } : { held: 1, sums: 0 }
}

/** What a decision's way from one standing to another adds to the sums and to what its bucket holds, if anything. */
export function settleSilence(
  silence: Float64Array,
  from: Standing,
  to: Standing,
  delay: Delay,
): { readonly sums?: Float64Array; readonly held?: Float64Array } {
  const [before, after] = [taken(from, delay), taken(to, delay)]
  const sums = before.sums - after.sums
  const held = before.held - after.held
  return {
    ...(sums !== 0 && { sums: silence.map((value) => sums * value) }),
    ...(held !== 0 && { held: silence.map((value) => held * value) }),
  }
}
