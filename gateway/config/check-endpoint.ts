import { checkContext } from './context/check-context.ts'
import { checkDrift } from './drift/check-drift.ts'
import { checkFeatures } from './features/check-features.ts'
import { checkLeash } from './leash/check-leash.ts'
import { checkPenalty } from './learning/check-penalty.ts'
import { checkPipeline } from './pipeline/check-pipeline.ts'
import { checkPolicy } from './learning/check-policy.ts'
import { checkPostprocess } from './pipeline/check-postprocess.ts'
import { checkPriors } from './learning/check-prior.ts'
import { checkReward } from './learning/check-reward.ts'
import { checkShares } from './arms/check-shares.ts'
import { checkValues } from './arms/check-values.ts'
import type { CrossFault } from './cross-fault.ts'
import type { Path } from './reading/positions.ts'
import { entriesOf, isRaw, partOf } from './reading/raw.ts'

/** The parts of one endpoint against each other. */
export function* checkEndpoint(path: Path, endpoint: unknown): Iterable<CrossFault> {
  const arms = entriesOf(endpoint, 'arms')
  if (isRaw(partOf(endpoint, 'arms')) && arms.length === 0) {
    yield { path: [...path, 'arms'], message: 'there is no arm: add at least one' }
  }
  yield* checkShares(path, endpoint)
  yield* checkValues(path, endpoint)
  yield* checkLeash(path, endpoint)
  yield* checkPolicy(path, endpoint)
  yield* checkPriors(path, endpoint)
  yield* checkContext(path, endpoint)
  yield* checkFeatures(path, endpoint)
  yield* checkPipeline(path, endpoint)
  yield* checkPostprocess(path, endpoint)
  yield* checkDrift(path, endpoint)
  const reward = partOf(endpoint, 'reward')
  yield* checkReward([...path, 'reward'], reward)
  yield* checkPenalty(
    [...path, 'reward'],
    reward,
    arms.map(([name]) => name),
  )
  if (partOf(reward, 'from') === 'label')
    yield* checkLabels(path, endpoint, partOf(reward, 'output') ?? 'label')
}

/** What a true label can be compared with. */
function* checkLabels(path: Path, endpoint: unknown, output: unknown): Iterable<CrossFault> {
  if (partOf(endpoint, 'ledger') === 'signed') {
    const message =
      'a true label is compared with the recorded answer, which a signed id does not carry: use ledger: stored'
    yield { path: [...path, 'ledger'], message }
  }
  for (const [name, arm] of entriesOf(endpoint, 'arms')) {
    const named = partOf(partOf(arm, 'argmax'), 'output') === output
    const combine = partOf(arm, 'combine')
    if ((combine !== 'mean' && combine !== 'weighted' && combine !== 'median') || named) continue
    const message = `a ${combine} of labels is not a label: add argmax: { output: ${String(output)}, over: <scores> }, or use combine: majority`
    yield { path: [...path, 'arms', name], message }
  }
}
