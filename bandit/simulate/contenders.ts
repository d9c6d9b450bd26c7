import { noForgetting } from '../beliefs/forgetting.ts'
import type { Contender, PolicyChoice } from './contender.ts'

/** Played by its own distribution, told of pending pulls, never forgetting, unless `changes` says otherwise. */
export function createContender(
  label: string,
  policy: PolicyChoice,
  changes: Partial<Contender> = {},
): Contender {
  return { label, policy, sampling: 'exact', pending: 'counted', forgetting: noForgetting, ...changes }
}

/** Thompson sampling that draws from the posteriors: the same law as the exact one, fast enough for long runs. */
export function createSampledThompson(
  label: string,
  settings: Omit<PolicyChoice, 'name'> = {},
  changes: Partial<Contender> = {},
): Contender {
  return createContender(label, { ...settings, name: 'thompson' }, { sampling: 'posterior', ...changes })
}
