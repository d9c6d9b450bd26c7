import {
  contextualPolicyNames,
  dimensionOf,
  maxDimension,
  maxSilentDimension,
} from '../../../bandit/index.ts'
import { context as contextSchema, type ContextInput } from './context-schema.ts'
import type { CrossFault } from '../cross-fault.ts'
import { nearest } from '../reading/nearest.ts'
import type { Path } from '../reading/positions.ts'
import { entriesOf, partOf } from '../reading/raw.ts'
import { toContext } from './to-context.ts'

/** The context of one endpoint against its policy, its rewards and itself. */
export function* checkContext(path: Path, endpoint: unknown): Iterable<CrossFault> {
  const context = partOf(endpoint, 'context')
  const name = partOf(partOf(endpoint, 'policy'), 'name')
  if (contextualPolicyNames.some((each) => each === name)) {
    if (context === undefined) {
      const message = `${String(name)} chooses by context: declare one under context, or name another policy`
      yield { path: [...path, 'policy', 'name'], message }
    }
    yield* checkRegressions(path, endpoint)
  }
  if (context === undefined) return
  yield* checkLearning(path, endpoint)
  const shape = contextSchema.safeParse(context)
  if (!shape.success) return
  yield* checkDeclaration([...path, 'context'], shape.data)
  const dimension = dimensionOf(toContext(shape.data))
  if (dimension > maxSilentDimension) yield* checkSilence(path, endpoint, dimension)
}

/** A context against itself. */
export function* checkDeclaration(path: Path, context: ContextInput): Iterable<CrossFault> {
  for (const [feature, declared] of Object.entries(context.features))
    yield* checkFeature([...path, 'features', feature], declared)
  yield* checkInteractions(path, context)
  const dimension = dimensionOf(toContext(context))
  if (dimension <= maxDimension) return
  const message = `the context becomes ${dimension} numbers: leave out or coarsen until it is at most ${maxDimension}`
  yield { path, message, atKey: true }
}

/** Regressions start from nothing, and have no one best arm. */
function* checkRegressions(path: Path, endpoint: unknown): Iterable<CrossFault> {
  const policy = [...path, 'policy']
  for (const setting of ['prior', 'stop']) {
    if (partOf(partOf(endpoint, 'policy'), setting) === undefined) continue
    yield {
      path: [...policy, setting],
      message: 'a policy by context has no use for it: take it out',
      atKey: true,
    }
  }
  for (const [name, arm] of entriesOf(endpoint, 'arms')) {
    if (partOf(arm, 'prior') === undefined) continue
    const message = 'a policy by context has no use for it: take it out'
    yield { path: [...path, 'arms', name, 'prior'], message, atKey: true }
  }
}

/** What is learned of a decision depends on its context, which has to be on record when the reward comes. */
function* checkLearning(path: Path, endpoint: unknown): Iterable<CrossFault> {
  if (partOf(endpoint, 'ledger') === 'signed') {
    const message = 'rewards are learned by context, which a signed id does not carry: use ledger: stored'
    yield { path: [...path, 'ledger'], message }
  }
}

/** What silence is worth by context is sent with every flush of pulls. */
function* checkSilence(path: Path, endpoint: unknown, dimension: number): Iterable<CrossFault> {
  const reward = partOf(endpoint, 'reward')
  const limit = `by context takes at most ${maxSilentDimension} numbers, and this context becomes ${dimension}`
  if (!['none', undefined].some((none) => none === partOf(reward, 'default'))) {
    const message = `a default ${limit}: leave out or coarsen features, or use none`
    yield { path: [...path, 'reward', 'default'], message }
  }
  if (partOf(reward, 'delay') === 'corrected') {
    const message = `silence ${limit}: leave out or coarsen features, or use arrival or hold`
    yield { path: [...path, 'reward', 'delay'], message }
  }
}

function* checkFeature(path: Path, feature: ContextInput['features'][string]): Iterable<CrossFault> {
  if (feature.type === 'number') {
    const { range, mean, deviation } = feature
    const isStandard = mean !== undefined && deviation !== undefined
    if (range === undefined ? isStandard : mean === undefined && deviation === undefined) return
    yield { path, message: 'a number has a range, or else a mean and a deviation: give one or the other' }
  }
  if (feature.type !== 'category' || feature.unlisted === 'other' || feature.missing === undefined) return
  if (feature.values.includes(feature.missing)) return
  const message = `expected one of ${feature.values.join(', ')}, since others are refused`
  yield { path: [...path, 'missing'], message }
}

function* checkInteractions(path: Path, { features, interactions }: ContextInput): Iterable<CrossFault> {
  const names = Object.keys(features)
  for (const [index, pair] of interactions.entries()) {
    for (const [side, name] of pair.entries()) {
      if (names.includes(name)) continue
      const near = nearest(name, names)
      const mend = near === undefined ? `there are ${names.join(', ')}` : `did you mean ${near}?`
      yield { path: [...path, 'interactions', index, side], message: `there is no feature ${name}: ${mend}` }
    }
  }
}
