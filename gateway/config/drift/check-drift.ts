import type { CrossFault } from '../cross-fault.ts'
import type { Path } from '../reading/positions.ts'
import { isRaw, partOf } from '../reading/raw.ts'

/** What is watched has to be named, unless it is the label that rewards are made of. */
export function* checkDrift(path: Path, endpoint: unknown): Iterable<CrossFault> {
  const drift = partOf(endpoint, 'drift')
  if (!isRaw(drift)) return
  const isNamed = ['inputs', 'outputs'].some((side) => {
    const names = partOf(drift, side)
    return names !== undefined && !(Array.isArray(names) && names.length === 0)
  })
  const isLabelled =
    partOf(partOf(endpoint, 'reward'), 'from') === 'label' && partOf(drift, 'outputs') === undefined
  if (isNamed || isLabelled) return
  const message = 'there is nothing to watch: name some inputs or outputs of the models'
  yield { path: [...path, 'drift'], message, atKey: true }
}
