import * as z from 'zod'

/** Sums and squares of numbers within these are numbers, whatever else they meet. */
const most = 1e12
const least = 1e-9

export const amount = z.number().min(-most).max(most)
export const positiveAmount = z.number().min(least).max(most)

/** Rewards that a belief is worth. */
export const rewardCount = z.number().min(1e-6).max(1e9)

/** Whether these are the ends of a range that numbers can be told apart in. */
export function isRange([low, high]: readonly [number, number]): boolean {
  return high - low >= least * Math.max(1, Math.abs(low), Math.abs(high))
}
