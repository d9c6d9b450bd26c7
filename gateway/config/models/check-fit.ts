import type { CrossFault } from '../cross-fault.ts'
import type { Path } from '../reading/positions.ts'
import { entriesOf, partOf } from '../reading/raw.ts'

const sources = ['as', 'argmax', 'softmax'] as const

/** Each output is made in one way, and nothing is two things. */
export function* checkFit(path: Path, model: unknown): Iterable<CrossFault> {
  const fit = partOf(model, 'fit')
  const here = [...path, 'fit']
  for (const [name, output] of entriesOf(fit, 'outputs')) {
    const own = [...here, 'outputs', name]
    const said = sources.filter((key) => partOf(output, key) !== undefined)
    if (said.length !== 1) {
      yield { path: own, message: 'say what it is made of: give one of as, argmax and softmax' }
    }
    if (partOf(output, 'classes') !== undefined && !said.includes('argmax')) {
      yield { path: [...own, 'classes'], message: 'only argmax has classes: take them out', atKey: true }
    }
  }
  for (const side of ['inputs', 'outputs'] as const) yield* checkTwice([...here, side], entriesOf(fit, side))
}

function* checkTwice(path: Path, tensors: readonly (readonly [string, unknown])[]): Iterable<CrossFault> {
  const by = new Map<string, string>()
  for (const [name, tensor] of tensors) {
    const as = partOf(tensor, 'as')
    const own = path.at(-1) === 'inputs' ? (as ?? name) : as
    if (typeof own !== 'string') continue
    const other = by.get(own)
    if (other !== undefined) {
      yield { path: [...path, name], message: `"${own}" is ${other} already: give it one name` }
    }
    by.set(own, name)
  }
}
