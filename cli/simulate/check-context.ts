import { checkDeclaration } from '../../gateway/config/context/check-context.ts'
import type { ContextInput } from '../../gateway/config/context/context-schema.ts'
import type { CrossFault } from '../../gateway/config/cross-fault.ts'
import type { ArmInput } from './arm-schema.ts'
import { checkEffects, noFeature } from './check-effects.ts'
import { isContextual } from './policy-schema.ts'
import type { ScenarioInput } from './scenario-fields.ts'

/** The parts of a scenario that its context has to do with. */
export interface ContextualScenario extends Pick<
  ScenarioInput,
  'context' | 'traffic' | 'feedback' | 'stop' | 'policies'
> {
  readonly arms: Readonly<Record<string, ArmInput>>
}

/** The context of a scenario against itself, its traffic, its arms and its policies. */
export function* checkContext(scenario: ContextualScenario): Iterable<CrossFault> {
  const { context, traffic, arms, policies = [] } = scenario
  if (context !== undefined) {
    yield* checkDeclaration(['context'], context)
    yield* checkTraffic(context, traffic)
    yield* checkLearning(scenario)
    for (const [name, arm] of Object.entries(arms)) yield* checkEffects(['arms', name], arm, context, traffic)
    return
  }
  for (const feature of Object.keys(traffic)) {
    yield {
      path: ['traffic', feature],
      message: 'there is no context: declare this feature there, or take it out',
    }
  }
  for (const [name, { by }] of Object.entries(arms)) {
    if (by === undefined) continue
    yield { path: ['arms', name, 'by'], message: 'there is no context to go by: declare one under context' }
  }
  for (const [index, { name }] of policies.entries()) {
    if (!isContextual(name)) continue
    const message = `${name} chooses by context: declare one under context, or name another policy`
    yield { path: ['policies', index, 'name'], message }
  }
}

/** As a gateway refuses it. */
function* checkLearning({ feedback, stop }: ContextualScenario): Iterable<CrossFault> {
  if (feedback.default !== undefined) {
    const message = 'defaults are given to many decisions at once, whatever their context: take it out'
    yield { path: ['feedback', 'default'], message }
  }
  if (feedback.learn === 'corrected') {
    const message = 'silence counts for many decisions at once, whatever their context: use arrival or hold'
    yield { path: ['feedback', 'learn'], message }
  }
  if (stop !== undefined) {
    yield { path: ['stop'], message: 'by context there is no one best arm to stop at: take it out' }
  }
}

function* checkTraffic({ features }: ContextInput, traffic: ScenarioInput['traffic']): Iterable<CrossFault> {
  for (const [name, share] of Object.entries(traffic)) {
    const path = ['traffic', name]
    const feature = Object.hasOwn(features, name) ? features[name] : undefined
    if (feature === undefined) {
      yield { path, message: noFeature(name, Object.keys(features)) }
    } else if (feature.type === 'number') {
      yield { path, message: 'numbers come from their range, or spread around their mean: take it out' }
    } else if (feature.type === 'boolean') {
      if (typeof share !== 'number') yield { path, message: 'expected how often this is true, from 0 to 1' }
    } else if (typeof share === 'number' || Object.keys(share).length === 0) {
      yield { path, message: 'expected texts and how often each comes, such as { DE: 3, FR: 1 }' }
    } else if (feature.type === 'category' && feature.unlisted === 'refuse') {
      for (const text of Object.keys(share).filter((each) => !feature.values.includes(each))) {
        const message = `${text} is refused: expected one of ${feature.values.join(', ')}`
        yield { path: [...path, text], message }
      }
    }
  }
  for (const [name, { type }] of Object.entries(features)) {
    if (type !== 'text' || Object.hasOwn(traffic, name)) continue
    const message = `any text may come here: say which, and how often, under traffic.${name}`
    yield { path: ['context', 'features', name], message }
  }
}
