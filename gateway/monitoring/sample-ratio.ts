import type { Basis, Decision } from '../../bandit/index.ts'

/**
 * Whether the arms that answered are those that were drawn. Each decision says with which probability p its arm was
 * drawn, so for any λ the product over decisions of e^(λ·1{arm}) / (1 − p + p·e^λ) is a martingale of mean 1 however
 * p moves meanwhile. Their mean E over the arms and some λ is one too, and by Ville's inequality it reaches 1/α at any
 * time of a window with a probability of at most α: 1 / max E may be looked at as often as one likes (Shafer, Shen,
 * Vereshchagin, Vovk 2011, "Test martingales, Bayes factors and p-values"). Nothing in it is approximate.
 */
export interface SampleRatio {
  /** An answered decision that was not a failover's. */
  decided(decision: Decision): void
  view(): SampleRatioView
}

export interface SampleRatioView {
  /** The least p-value of the running windows: the probability of such a mismatch at any time of one by chance. */
  readonly pValue: number
  /** Decisions in the longest window. */
  readonly decisions: number
  /** Share of the longest window's decisions that an arm answered, less the share that it was drawn for. */
  readonly excess: ReadonlyMap<string, number>
}

/** A false alarm in at most one of 2,000 windows. */
export const mismatchBelow = 0.0005

/** The short one finds what is gross within minutes; the long one what is slight, or rare. */
const windowsMs = [600_000, 86_400_000] as const

/** Factors e^λ by which the odds of an arm may be off. */
const tilts = [0.03, 0.1, 0.3, 1, 3].flatMap((lambda) => [lambda, -lambda])

export function createSampleRatio({
  arms,
  clock,
}: {
  readonly arms: readonly string[]
  readonly clock: () => number
}): SampleRatio {
  const indexOf = new Map(arms.map((name, index) => [name, index]))
  const windows = windowsMs.map((lengthMs) => createWindow(arms.length, lengthMs, clock()))
  const drawn = new Float64Array(arms.length)
  let answered = 0
  let basis: Basis | undefined

  /** What was drawn from one distribution goes into the windows at once: it costs a decision one addition. */
  function fold(): void {
    if (basis !== undefined && answered > 0) {
      const propensities = new Float64Array(arms.length)
      for (const [at, name] of basis.arms.entries())
        propensities[indexOf.get(name)!] = basis.distribution[at]!
      const now = clock()
      for (const window of windows) window.add({ drawn, answered, propensities, now })
    }
    drawn.fill(0)
    answered = 0
    basis = undefined
  }

  return {
    decided(decision) {
      if (decision.basis === undefined) return
      if (decision.basis !== basis) {
        fold()
        basis = decision.basis
      }
      drawn[indexOf.get(decision.arm)!]!++
      answered++
    },
    view() {
      fold()
      const now = clock()
      const longest = windows.at(-1)!
      const excess = longest.excess(now)
      return {
        pValue: Math.min(...windows.map((window) => window.pValue(now))),
        decisions: longest.decisions(),
        excess: new Map(arms.map((name, index) => [name, excess[index]!])),
      }
    },
  }
}

interface Drawn {
  readonly drawn: Float64Array
  readonly answered: number
  readonly propensities: Float64Array
  readonly now: number
}

function createWindow(arms: number, lengthMs: number, start: number) {
  /** Logarithms of the martingales, arm by arm. */
  const logs = new Float64Array(arms * tilts.length)
  const excess = new Float64Array(arms)
  let decisions = 0
  let greatest = 0
  let endsAt = start + lengthMs

  function turn(now: number): void {
    if (now < endsAt) return
    endsAt = now + lengthMs
    logs.fill(0)
    excess.fill(0)
    decisions = 0
    greatest = 0
  }

  return {
    add({ drawn, answered, propensities, now }: Drawn) {
      turn(now)
      decisions += answered
      for (let arm = 0; arm < arms; arm++) {
        const propensity = propensities[arm]!
        excess[arm]! += drawn[arm]! - answered * propensity
        for (const [at, tilt] of tilts.entries()) {
          logs[arm * tilts.length + at]! +=
            tilt * drawn[arm]! - answered * Math.log1p(propensity * Math.expm1(tilt))
        }
      }
      greatest = Math.max(greatest, logMean(logs))
    },
    pValue(now: number) {
      turn(now)
      return Math.exp(-greatest)
    },
    decisions: () => decisions,
    excess(now: number) {
      turn(now)
      return excess.map((sum) => (decisions === 0 ? 0 : sum / decisions))
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
