import type { CrossFault } from '../cross-fault.ts'
import { nearest } from '../reading/nearest.ts'
import type { Path } from '../reading/positions.ts'
import { entriesOf, partOf } from '../reading/raw.ts'

/** The shadows of an endpoint against its arms and the models that there are. */
export function* checkShadows(
  path: Path,
  endpoint: unknown,
  models: readonly string[],
): Iterable<CrossFault> {
  const shadows = partOf(endpoint, 'shadow')
  if (!Array.isArray(shadows)) return
  const arms = new Map(entriesOf(endpoint, 'arms'))
  const names = (shadows as unknown[]).map((shadow) => partOf(shadow, 'arm'))
  for (const [at, name] of names.entries()) {
    if (typeof name !== 'string') continue
    const own = [...path, 'shadow', at, 'arm']
    if (names.indexOf(name) < at)
      yield { path: own, message: `${name} is a shadow already: name it once, with the share of both` }
    const arm = arms.get(name)
    if (arm !== undefined && partOf(arm, 'model') === undefined && partOf(arm, 'ensemble') === undefined) {
      yield { path: own, message: `arm ${name} asks no model: there is nothing to shadow` }
    } else if (arm === undefined && !models.includes(name)) {
      const known = [...new Set([...arms.keys(), ...models])]
      const near = nearest(name, known)
      const mend = near === undefined ? `there are ${known.join(', ') || 'none'}` : `did you mean ${near}?`
      yield { path: own, message: `there is no arm and no model ${JSON.stringify(name)}: ${mend}` }
    }
  }
}
