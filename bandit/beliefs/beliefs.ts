import { epochWeights, type Epochs, type Forgetting } from './forgetting.ts'
import { delaysEnd } from '../rewards/contribution.ts'
import { weighLinear } from '../linear/sums.ts'
import type { ArmBelief } from '../policies/policy.ts'
import { type ArmPrior, toPriors } from './priors.ts'
import { addSums, type Sums, weighSums } from './statistics.ts'
import type { ArmState } from '../store/store.ts'

const noEpochs: Epochs = new Map()

interface LearningArm {
  readonly name: string
  readonly prior?: ArmPrior | undefined
  readonly observedAs?: string | undefined
  /** What is observed is of the model in any version, and no reward of one. */
  readonly onNewVersion?: object | undefined
}

interface LearnedState {
  readonly arms: ReadonlyMap<string, Pick<ArmState, 'epochs'>>
  readonly observed?: ReadonlyMap<string, Epochs>
}

/** What else is known of an arm's answers: a true label says of each whether it was right, chosen or not. */
function observedOf(
  { observedAs, onNewVersion }: LearningArm,
  { observed }: LearnedState,
): Epochs | undefined {
  if (observedAs === undefined || onNewVersion !== undefined) return undefined
  return observed?.get(observedAs)
}

/**
 * The rewards of everything that answered at all, as the arm or beside it, each counted once, by the name under which it
 * is observed.
 */
export function toScores(
  arms: readonly LearningArm[],
  state: LearnedState,
  nowMs: number,
  forgetting: Forgetting,
): ReadonlyMap<string, Sums> {
  const scores = new Map<string, Sums>()
  const parts: readonly (readonly [string | undefined, Epochs])[] = [
    ...arms.map(({ name, observedAs }) => [observedAs, state.arms.get(name)?.epochs ?? noEpochs] as const),
    ...(state.observed ?? []),
  ]
  for (const [name, epochs] of parts) {
    if (name === undefined) continue
    const sums = weighSums(epochs, epochWeights([epochs], nowMs, forgetting)[0]!)
    const known = scores.get(name)
    scores.set(name, known === undefined ? sums : addSums(known, sums))
  }
  return scores
}

/** What is believed of every arm at `nowMs`, but for what is pending; `dimension` is that of the contexts, if any. */
export function toBeliefs(
  arms: readonly LearningArm[],
  state: LearnedState,
  nowMs: number,
  forgetting: Forgetting,
  dimension?: number,
): Omit<ArmBelief, 'pending'>[] {
  const epochs = arms.map(({ name }) => state.arms.get(name)?.epochs ?? noEpochs)
  const weights = epochWeights(epochs, nowMs, forgetting)
  const sums = epochs.map((own, index) => {
    const seen = observedOf(arms[index]!, state)
    const learned = weighSums(own, weights[index]!)
    return seen === undefined ? learned : addSums(learned, weighSums(seen, weights[index]!))
  })
  const priors = toPriors(arms, sums)
  return arms.map(({ name }, index) => {
    const prior = priors[index]
    return {
      name,
      ...sums[index]!,
      ...(prior !== undefined && { prior }),
      ...(dimension !== undefined && {
        linear: weighLinear(epochs[index]!, weights[index]!, { from: delaysEnd, dimension }),
      }),
    }
  })
}
