import { checkModel } from '../arms/check-ensemble.ts'
import type { CrossFault } from '../cross-fault.ts'
import type { Path } from '../reading/positions.ts'
import { partOf } from '../reading/raw.ts'

/** What is asked before the arms has to be there, and arms that are values have no use for it. */
export function* checkModelSteps(
  path: Path,
  endpoint: unknown,
  models: readonly string[],
): Iterable<CrossFault> {
  const steps = partOf(partOf(endpoint, 'preprocess'), 'models')
  if (!Array.isArray(steps)) return
  for (const [at, step] of steps.entries()) {
    const model = partOf(step, 'model')
    if (typeof model === 'string')
      yield* checkModel([...path, 'preprocess', 'models', at, 'model'], model, models)
  }
}
