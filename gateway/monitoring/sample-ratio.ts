import type { Basis, Decision } from '../../bandit/index.ts'
import { createFirstTimes } from './first-times.ts'
import { createRatioBatch } from './ratio-batch.ts'
import { createRatioSums } from './ratio-sums.ts'

/**
 * Whether the arms that answered are those that were drawn. Each decision says with which probability p its arm was
 * drawn, so for any λ the product over decisions of e^(λ·1{arm}) / (1 − p + p·e^λ) is a martingale of mean 1 however
 * p moves meanwhile. Their mean E over the arms and some λ is one too, and by Ville's inequality it reaches 1/α at any
 * time of a window with a probability of at most α: 1 / max E may be looked at as often as one likes (Shafer, Shen,
 * Vereshchagin, Vovk 2011, "Test martingales, Bayes factors and p-values"). Nothing in it is approximate.
 *
 * A key that stays with its arm is drawn once, however often it comes: only its first decision within the longest window
 * counts.
 */
export interface SampleRatio {
  /** A decision that was not a failover's was answered. */
  answered(decision: Decision): void
  /** The arm gave no answer to such a decision, and that was counted as its fault. */
  failed(decision: Decision): void
  view(): Readonly<Record<Side, SampleRatioView>>
}

/**
 * answers: of what was sent. draws: with the faults that were counted put back, so that what it misses was lost without
 * a trace.
 */
export type Side = 'answers' | 'draws'

export interface SampleRatioView {
  /** The least p-value of the running windows: the probability of such a mismatch at any time of one by chance. */
  readonly pValue: number
  /** Decisions in the longest window. */
  readonly decisions: number
  /** Share of the longest window's decisions that an arm took, less the share that it was drawn for. */
  readonly excess: ReadonlyMap<string, number>
}

/** A false alarm in at most one of 2,000 windows. */
export const mismatchBelow = 0.0005

/** The short one finds what is gross within minutes; the long one what is slight, or rare. */
const windowsMs = [600_000, 86_400_000] as const

export interface SampleRatioDeps {
  readonly arms: readonly string[]
  /** Milliseconds since 1970. */
  readonly clock: () => number
}

export function createSampleRatio({ arms, clock }: SampleRatioDeps): SampleRatio {
  const count = arms.length
  const indexOf = new Map(arms.map((name, index) => [name, index]))
  const windows = windowsMs.map((lengthMs) => ({
    lengthMs,
    endsAt: clock() + lengthMs,
    answers: createRatioSums(count),
    faults: createRatioSums(count),
  }))
  const firstTimes = createFirstTimes()
  const propensities = new Float64Array(count)
  const drawn = new Float64Array(count)
  const batches = { answers: createRatioBatch(count), faults: createRatioBatch(count) }
  let answers = 0
  let basis: Basis | undefined

  function add(to: 'answers' | 'faults', from: Basis, decisions: number): void {
    propensities.fill(0)
    for (let at = 0; at < from.arms.length; at++)
      propensities[indexOf.get(from.arms[at]!)!] = from.distribution[at]!
    batches[to].add(drawn, decisions, propensities)
    drawn.fill(0)
  }

  /** What was drawn from one distribution is added at once, so that most decisions cost no more than their count. */
  function fold(): void {
    if (basis !== undefined && answers > 0) add('answers', basis, answers)
    answers = 0
    basis = undefined
  }

  function turn(): void {
    const now = clock()
    for (const window of windows) {
      if (now < window.endsAt) continue
      window.endsAt = now + window.lengthMs
      window.answers.clear()
      window.faults.clear()
      if (window === windows.at(-1)) firstTimes.clear()
    }
  }

  function isDrawn({ sticky }: Decision): boolean {
    return sticky === undefined || firstTimes.isFirst(sticky)
  }

  return {
    answered(decision) {
      if (decision.basis === undefined || !isDrawn(decision)) return
      if (decision.basis !== basis) {
        fold()
        basis = decision.basis
      }
      drawn[indexOf.get(decision.arm)!]!++
      answers++
    },
    failed(decision) {
      if (decision.basis === undefined || !isDrawn(decision)) return
      fold()
      drawn[indexOf.get(decision.arm)!] = 1
      add('faults', decision.basis, 1)
    },
    view() {
      fold()
      const added = { answers: batches.answers.take(), faults: batches.faults.take() }
      turn()
      for (const { answers, faults } of windows) {
        answers.add(added.answers)
        faults.add(added.faults)
      }
      const looks = windows.map(({ answers, faults }) => ({
        answers: answers.look(),
        draws: faults.look(answers.sums()),
      }))
      const viewOf = (side: Side): SampleRatioView => {
        const { decisions, excess } = looks.at(-1)![side]
        return {
          pValue: Math.min(...looks.map((look) => look[side].pValue)),
          decisions,
          excess: new Map(arms.map((name, index) => [name, excess[index]!])),
        }
      }
      return { answers: viewOf('answers'), draws: viewOf('draws') }
    },
  }
}
