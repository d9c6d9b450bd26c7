import type { ContextInput } from '../../gateway/config/context/context-schema.ts'
import type { CrossFault } from '../../gateway/config/cross-fault.ts'
import { nearest } from '../../gateway/config/reading/nearest.ts'
import { figure } from './number.ts'
import type { ArmInput, TrafficInput } from './arm-schema.ts'

type Effect = NonNullable<ArmInput['by']>[string]
type FeatureInput = ContextInput['features'][string]

/** What the context adds to the mean of an arm: of features that there are, and never beyond 0 or 1. */
export function* checkEffects(
  path: readonly string[],
  { mean = [], by = {} }: ArmInput,
  { features }: ContextInput,
  traffic: TrafficInput,
): Iterable<CrossFault> {
  let [least, most] = [0, 0]
  for (const [name, effect] of Object.entries(by)) {
    const feature = Object.hasOwn(features, name) ? features[name]! : undefined
    const fault =
      feature === undefined
        ? { path: [name], message: noFeature(name, Object.keys(features)) }
        : faultOf(name, effect, feature, traffic)
    if (fault !== undefined) {
      yield { ...fault, path: [...path, 'by', ...fault.path] }
      return
    }
    const reached = reach(effect, feature!)
    least += Math.min(...reached)
    most += Math.max(...reached)
  }
  const means = mean.map((point) => point.mean)
  const [low, high] = [Math.min(...means) + least, Math.max(...means) + most]
  if (low > -rounding && high < 1 + rounding) return
  const message = `the mean goes from ${figure(low)} to ${figure(high)} with the context: keep it between 0 and 1`
  if (means.length > 0) yield { path: [...path, 'by'], message }
}

/** Sums of decimal fractions are off by this much at most. */
const rounding = 1e-9

function faultOf(name: string, effect: Effect, feature: FeatureInput, traffic: TrafficInput) {
  if (feature.type === 'number' || feature.type === 'boolean') {
    if (typeof effect === 'number') return undefined
    const when = feature.type === 'boolean' ? 'where it is true' : 'at its upper end'
    return { path: [name], message: `expected a number: what is added to the mean ${when}` }
  }
  if (typeof effect === 'number') {
    return { path: [name], message: 'expected texts and what each adds to the mean, such as { DE: 0.2 }' }
  }
  const share = traffic[name]
  const texts =
    typeof share === 'object' ? Object.keys(share) : feature.type === 'category' ? feature.values : []
  const never = Object.keys(effect).find((text) => !texts.includes(text))
  if (never === undefined) return undefined
  const near = nearest(never, texts)
  const mend = near === undefined ? `there are ${texts.join(', ')}` : `did you mean ${near}?`
  return { path: [name, never], message: `${never} never comes: ${mend}` }
}

/** What may be added at the ends of a feature; texts that are not named add nothing. */
function reach(effect: Effect, feature: FeatureInput): number[] {
  if (typeof effect !== 'number') return [0, ...Object.values(effect)]
  return feature.type === 'number' && feature.range === undefined ? [-effect, effect] : [0, effect]
}

export function noFeature(name: string, known: readonly string[]): string {
  const near = nearest(name, known)
  return `there is no feature ${name}: ${near === undefined ? `there are ${known.join(', ')}` : `did you mean ${near}?`}`
}
