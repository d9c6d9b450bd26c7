import { createArmMeans } from './arm-means.ts'
import { createArmRegressions } from './arm-regressions.ts'
import { foldOf } from './folds.ts'
import type { LoggedDecision } from './history.ts'

/** The reward model of the direct method, fitted to the log: by arm, and by context where the log has contexts. */
export interface FittedRewards {
  /** q(x, a), what is expected of the arm in the decision's context by all folds but the decision's own. */
  expect(decision: LoggedDecision, arm: string): number
  /** How often a target takes each arm, and in which contexts. */
  want(decision: LoggedDecision, arm: string, share: number): void
  /** Of each decision, how much Σ d moves with its reward, once everything that is wanted was told. */
  leverage(): Float64Array
}

interface Wanted {
  share: number
  readonly contexts: Float64Array
}

/** V. Chernozhukov et al., Double/debiased machine learning, Econometrics Journal 2018. */
export function fitRewards(decisions: readonly LoggedDecision[], rewards: Float64Array): FittedRewards {
  const meanOf = createArmMeans(decisions, rewards)
  const dimension = decisions[0]?.features?.length ?? 0
  const regressions = dimension > 0 ? createArmRegressions(decisions, rewards, meanOf) : undefined
  const wanted = new Map<string, Wanted>()

  function leverageOf(arm: string): (features: Float64Array | undefined) => number {
    const { share, contexts } = wanted.get(arm)!
    const regression = regressions?.leverageOf(arm, share, contexts)
    if (regression !== undefined) return (features) => regression(features!)
    const taken = decisions.reduce((count, { arms, chosen }) => count + Number(arms[chosen] === arm), 0)
    return () => share / taken
  }

  return {
    expect(decision, arm) {
      const fold = foldOf(decision)
      return regressions?.expect(fold, arm, decision.features!) ?? meanOf(fold, arm)
    },
    want({ features }, arm, share) {
      let all = wanted.get(arm)
      if (all === undefined) wanted.set(arm, (all = { share: 0, contexts: new Float64Array(dimension) }))
      all.share += share
      for (let at = 0; at < dimension; at++) all.contexts[at]! += share * features![at]!
    },
    leverage() {
      const byArm = new Map([...wanted.keys()].map((arm) => [arm, leverageOf(arm)]))
      return Float64Array.from(
        decisions,
        ({ arms, chosen, features }) => byArm.get(arms[chosen]!)?.(features) ?? 0,
      )
    },
  }
}
