import { epochWeights, type Epochs, type Forgetting } from './forgetting.ts'
import { delaysEnd } from './contribution.ts'
import { weighLinear } from './linear/sums.ts'
import type { ArmBelief } from './policies/policy.ts'
import { type ArmPrior, toPriors } from './priors.ts'
import { weighSums } from './statistics.ts'
import type { ArmState } from './store/store.ts'

const noEpochs: Epochs = new Map()

/** What is believed of every arm at `nowMs`, but for what is pending; `dimension` is that of the contexts, if any. */
export function toBeliefs(
  arms: readonly { readonly name: string; readonly prior?: ArmPrior | undefined }[],
  state: { readonly arms: ReadonlyMap<string, Pick<ArmState, 'epochs'>> },
  nowMs: number,
  forgetting: Forgetting,
  dimension?: number,
): Omit<ArmBelief, 'pending'>[] {
  const epochs = arms.map(({ name }) => state.arms.get(name)?.epochs ?? noEpochs)
  const weights = epochWeights(epochs, nowMs, forgetting)
  const sums = epochs.map((own, index) => weighSums(own, weights[index]!))
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
