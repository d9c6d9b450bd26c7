import type { CrossFault } from './cross-fault.ts'
import { nearest } from './nearest.ts'
import type { Path } from './positions.ts'
import { entriesOf, isRaw, partOf } from './raw.ts'

const ensembleOnly = ['combine', 'weights', 'quorum', 'deadline', 'argmax'] as const

/** One arm against the models that there are. */
export function* checkArm(path: Path, arm: unknown, models: readonly string[]): Iterable<CrossFault> {
  if (!isRaw(arm)) return
  const model = partOf(arm, 'model')
  const ensemble = partOf(arm, 'ensemble')
  const given = [model, ensemble, partOf(arm, 'value')].filter((each) => each !== undefined)
  if (given.length !== 1) {
    yield { path, message: 'an arm has either a model, an ensemble or a value: give one of the three' }
  }
  if (typeof model === 'string') yield* checkModel([...path, 'model'], model, models)
  if (ensemble === undefined) {
    for (const key of ensembleOnly.filter((each) => partOf(arm, each) !== undefined)) {
      yield { path: [...path, key], message: 'only an ensemble has this: take it out', atKey: true }
    }
  } else if (Array.isArray(ensemble)) {
    yield* checkEnsemble(path, arm, ensemble, models)
  }
}

function* checkEnsemble(
  path: Path,
  arm: unknown,
  members: readonly unknown[],
  models: readonly string[],
): Iterable<CrossFault> {
  for (const [index, member] of members.entries()) {
    if (typeof member !== 'string') continue
    yield* checkModel([...path, 'ensemble', index], member, models)
    if (members.indexOf(member) < index) {
      yield { path: [...path, 'ensemble', index], message: `${member} is a member already: name it once` }
    }
  }
  const names = members.map(String)
  for (const [name] of entriesOf(arm, 'weights')) {
    if (names.includes(name)) continue
    yield {
      path: [...path, 'weights', name],
      message: `${name} is not a member: ${pick(name, names)}`,
      atKey: true,
    }
  }
  if (partOf(arm, 'combine') === undefined) {
    yield { path, message: 'say how the members are combined: combine: mean, or combine: majority' }
  }
  if (partOf(arm, 'combine') === 'majority' && partOf(arm, 'argmax') !== undefined) {
    const message = "a majority is of the members' own outputs: take argmax out, or use combine: mean"
    yield { path: [...path, 'argmax'], message, atKey: true }
  }
  const quorum = partOf(arm, 'quorum')
  if (typeof quorum === 'number' && quorum > members.length) {
    yield {
      path: [...path, 'quorum'],
      message: `there are ${members.length} members: a quorum is at most that`,
    }
  }
}

function* checkModel(path: Path, name: string, models: readonly string[]): Iterable<CrossFault> {
  if (models.includes(name)) return
  yield { path, message: `there is no model ${JSON.stringify(name)}: ${pick(name, models)}` }
}

function pick(name: string, names: readonly string[]): string {
  const near = nearest(name, names)
  return near === undefined ? `there are ${names.join(', ') || 'none'}` : `did you mean ${near}?`
}
