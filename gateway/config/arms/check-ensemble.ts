import type { CrossFault } from '../cross-fault.ts'
import { nearest } from '../reading/nearest.ts'
import type { Path } from '../reading/positions.ts'
import { entriesOf, partOf } from '../reading/raw.ts'

/** What the other parts of the file say that an ensemble depends on. */
export interface EnsembleSurroundings {
  readonly models: readonly string[]
  /** Arms of the endpoint that are ensembles. */
  readonly ensembles: readonly string[]
  /** Whether the endpoint learns from true labels. */
  readonly isLabelled: boolean
}

const weighing: ReadonlySet<string> = new Set(['weighted', 'majority'])

/** One ensemble against the models that there are, and its settings against each other. */
export function* checkEnsemble(
  path: Path,
  arm: unknown,
  members: readonly unknown[],
  surroundings: EnsembleSurroundings,
): Iterable<CrossFault> {
  const { models, ensembles } = surroundings
  for (const [index, member] of members.entries()) {
    if (typeof member !== 'string') continue
    const own = [...path, 'ensemble', index]
    if (ensembles.includes(member) && !models.includes(member))
      yield { path: own, message: `${member} is an ensemble itself: name its models` }
    else yield* checkModel(own, member, models)
    if (members.indexOf(member) < index)
      yield { path: own, message: `${member} is a member already: name it once` }
  }
  const combine = partOf(arm, 'combine')
  if (combine === undefined) {
    const message =
      'say how the members are combined: combine: mean, weighted, median, majority, stacked or first'
    yield { path, message }
  }
  yield* checkWeights(path, arm, members.map(String), surroundings)
  if (
    partOf(arm, 'argmax') !== undefined &&
    (combine === 'majority' || combine === 'first' || combine === 'stacked')
  ) {
    const message = `${combine} answers with outputs of models as they are: take argmax out, or use combine: mean`
    yield { path: [...path, 'argmax'], message, atKey: true }
  }
  yield* checkStack(path, arm, models)
  const quorum = partOf(arm, 'quorum')
  if (typeof quorum !== 'number') return
  if (quorum > members.length) {
    const message = `there are ${members.length} members: a quorum is at most that`
    yield { path: [...path, 'quorum'], message }
  } else if (combine === 'first' && quorum > 1) {
    yield { path: [...path, 'quorum'], message: 'the first answer is enough: take quorum out' }
  } else if (combine === 'stacked' && quorum < members.length) {
    const message = 'the model that stacks needs what every member says: take quorum out'
    yield { path: [...path, 'quorum'], message }
  }
}

function* checkWeights(
  path: Path,
  arm: unknown,
  names: readonly string[],
  { isLabelled }: EnsembleSurroundings,
): Iterable<CrossFault> {
  const weights = partOf(arm, 'weights')
  const combine = partOf(arm, 'combine')
  const own = [...path, 'weights']
  if (combine === 'weighted' && weights === undefined) {
    const message = 'say what the weights are: weights: posterior, or one for each member'
    yield { path, message }
  } else if (weights !== undefined && typeof combine === 'string' && !weighing.has(combine)) {
    const message = `${combine} has no weights: take them out, or use combine: weighted`
    yield { path: own, message, atKey: true }
  }
  if (weights === 'posterior' && !isLabelled) {
    const message =
      'members are weighed by true labels, as a reward is of the whole answer: use reward: { from: label }'
    yield { path: own, message }
  }
  for (const [name] of entriesOf(arm, 'weights')) {
    if (names.includes(name)) continue
    yield { path: [...own, name], message: `${name} is not a member: ${pick(name, names)}`, atKey: true }
  }
}

function* checkStack(path: Path, arm: unknown, models: readonly string[]): Iterable<CrossFault> {
  const stack = partOf(arm, 'stack')
  const isStacked = partOf(arm, 'combine') === 'stacked'
  if (isStacked && stack === undefined) {
    const message =
      'say which model combines them: stack: { model: <name>, over: <float output of the members> }'
    yield { path, message }
  } else if (!isStacked && stack !== undefined) {
    yield { path: [...path, 'stack'], message: 'only combine: stacked has this: take it out', atKey: true }
  }
  const model = partOf(stack, 'model')
  if (typeof model === 'string') yield* checkModel([...path, 'stack', 'model'], model, models)
}

export function* checkModel(path: Path, name: string, models: readonly string[]): Iterable<CrossFault> {
  if (models.includes(name)) return
  yield { path, message: `there is no model ${JSON.stringify(name)}: ${pick(name, models)}` }
}

function pick(name: string, names: readonly string[]): string {
  const near = nearest(name, names)
  return near === undefined ? `there are ${names.join(', ') || 'none'}` : `did you mean ${near}?`
}
