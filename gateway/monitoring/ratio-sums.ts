import { type Increment, tiltCount } from './ratio-batch.ts'

/** Sums of increments from the beginning of a window, and the most that their martingale has been. */
export interface RatioSums {
  add(increment: Increment): void
  /** Looks at the martingale, `beside` what was added elsewhere in the same window. */
  look(beside?: Increment): {
    readonly pValue: number
    readonly decisions: number
    readonly excess: Float64Array
  }
  sums(): Increment
  clear(): void
}

export function createRatioSums(arms: number): RatioSums {
  const logs = new Float64Array(arms * tiltCount)
  const excess = new Float64Array(arms)
  let decisions = 0
  let greatest = 0

  return {
    add(increment) {
      decisions += increment.decisions
      for (let at = 0; at < logs.length; at++) logs[at]! += increment.logs[at]!
      for (let arm = 0; arm < arms; arm++) excess[arm]! += increment.excess[arm]!
    },
    look(beside) {
      const all = beside === undefined ? logs : logs.map((log, at) => log + beside.logs[at]!)
      const count = decisions + (beside?.decisions ?? 0)
      greatest = Math.max(greatest, logMean(all))
      return {
        pValue: Math.exp(-greatest),
        decisions: count,
        excess: excess.map((sum, arm) => (count === 0 ? 0 : (sum + (beside?.excess[arm] ?? 0)) / count)),
      }
    },
    sums: () => ({ decisions, logs, excess }),
    clear() {
      logs.fill(0)
      excess.fill(0)
      decisions = 0
      greatest = 0
    },
  }
}

/** log of the mean of e^x, which itself may be beyond any number. */
function logMean(logs: Float64Array): number {
  let most = -Infinity
  for (const log of logs) most = Math.max(most, log)
  let sum = 0
  for (const log of logs) sum += Math.exp(log - most)
  return most + Math.log(sum / logs.length)
}
