import type { CrossFault } from '../cross-fault.ts'
import type { Path } from '../reading/positions.ts'
import { entriesOf, partOf } from '../reading/raw.ts'

const ofModels = ['features', 'preprocess', 'postprocess', 'drift', 'shadow'] as const

/** Arms that are values: callers act on them, and nothing of what comes of it passes through here but the reward. */
export function* checkValues(path: Path, endpoint: unknown): Iterable<CrossFault> {
  const arms = entriesOf(endpoint, 'arms')
  const isValue = ([, arm]: readonly [string, unknown]) => partOf(arm, 'value') !== undefined
  const value = arms.find(isValue)
  if (value === undefined) return
  const other = arms.find((arm) => !isValue(arm))
  if (other !== undefined) {
    const message = `${other[0]} infers and ${value[0]} is a value, which a caller could not tell apart: make all arms values, or none`
    yield { path: [...path, 'arms', other[0]], message }
  }
  if (partOf(partOf(endpoint, 'reward'), 'from') === 'label') {
    const message = 'values predict nothing that a true label could be compared with: use from: reward'
    yield { path: [...path, 'reward', 'from'], message }
  }
  for (const key of ofModels.filter((each) => partOf(endpoint, each) !== undefined)) {
    const message = `values have no inputs and outputs, so there is nothing for ${key}: take it out`
    yield { path: [...path, key], message, atKey: true }
  }
}
