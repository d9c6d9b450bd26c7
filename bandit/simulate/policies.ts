import { createPolicy, policyNames } from '../policies/by-name.ts'
import { createChapelleLiUcb } from './baselines/chapelle-li-ucb.ts'
import { createNormalGammaThompson, type NormalGammaSettings } from './baselines/normal-gamma-thompson.ts'
import { createUcbHalf } from './baselines/ucb-half.ts'
import type { PolicyChoice } from './contender.ts'
import type { SimulatedPolicy } from './simulated-policy.ts'

/** Rules of published experiments that do not serve, by name. */
const baselines: Readonly<Record<string, (settings: PolicyChoice) => SimulatedPolicy>> = {
  'chapelle-li-ucb': createChapelleLiUcb,
  'normal-gamma-thompson': (settings) => createNormalGammaThompson(settings as NormalGammaSettings),
  'ucb-half': createUcbHalf,
}

/** RangeError for a name that nobody knows. */
export function toPolicy(choice: PolicyChoice): SimulatedPolicy {
  const baseline = Object.hasOwn(baselines, choice.name) ? baselines[choice.name] : undefined
  if (baseline !== undefined) return baseline(choice)
  const name = policyNames.find((known) => known === choice.name)
  if (name === undefined) {
    throw new RangeError(`There is no policy ${choice.name}: known are ${policyNames.join(', ')}`)
  }
  return createPolicy({ ...choice, name })
}
