import { checkEnsemble, checkModel, type EnsembleSurroundings } from './check-ensemble.ts'
import type { CrossFault } from '../cross-fault.ts'
import type { Path } from '../reading/positions.ts'
import { isRaw, partOf } from '../reading/raw.ts'

const ensembleOnly = ['combine', 'weights', 'stack', 'quorum', 'deadline', 'argmax'] as const

/** One arm against the models that there are. */
export function* checkArm(
  path: Path,
  arm: unknown,
  surroundings: EnsembleSurroundings,
): Iterable<CrossFault> {
  if (!isRaw(arm)) return
  const model = partOf(arm, 'model')
  const ensemble = partOf(arm, 'ensemble')
  const given = [model, ensemble, partOf(arm, 'value')].filter((each) => each !== undefined)
  if (given.length !== 1) {
    yield { path, message: 'an arm has either a model, an ensemble or a value: give one of the three' }
  }
  if (typeof model === 'string') yield* checkModel([...path, 'model'], model, surroundings.models)
  if (model === undefined && partOf(arm, 'on_new_version') !== undefined) {
    const message = 'only an arm of one model has this, as only that has a version: take it out'
    yield { path: [...path, 'on_new_version'], message, atKey: true }
  }
  if (ensemble === undefined) {
    for (const key of ensembleOnly.filter((each) => partOf(arm, each) !== undefined)) {
      yield { path: [...path, key], message: 'only an ensemble has this: take it out', atKey: true }
    }
  } else if (Array.isArray(ensemble)) {
    yield* checkEnsemble(path, arm, ensemble, surroundings)
  }
}
