import type { TensorSpec } from '../../../model-workers/protocol/types.ts'

/** One model of a chain, its tensors under the names that they have here. */
export interface Stage {
  readonly model: string
  readonly inputs: readonly TensorSpec[]
  readonly outputs: readonly TensorSpec[]
}

/**
 * What has to come from outside so that `stages`, one after the other, can make what `last` takes: each takes the
 * newest tensor of a name. In words why that cannot be, where it cannot.
 */
export function outsideOf(
  stages: readonly Stage[],
  last: readonly TensorSpec[],
): readonly TensorSpec[] | string {
  const made = new Map<string, TensorSpec>()
  const outside = new Map<string, TensorSpec>()
  const taken = new Set<string>()
  for (const { model, inputs, outputs } of [...stages, { model: 'an arm', inputs: last, outputs: [] }]) {
    for (const spec of inputs) {
      taken.add(spec.name)
      const known = made.get(spec.name) ?? outside.get(spec.name)
      if (known === undefined) outside.set(spec.name, spec)
      else if (!fits(known, spec)) {
        return `"${spec.name}" is ${describe(known)} by then, and ${model} would have ${describe(spec)}`
      }
    }
    for (const spec of outputs) made.set(spec.name, spec)
  }
  const idle = stages.find(({ outputs }) => outputs.every(({ name }) => !taken.has(name)))
  if (idle === undefined) return [...outside.values()]
  const makes = idle.outputs.map(({ name }) => name).join(', ')
  return `nobody takes what ${idle.model} makes (${makes}): name its outputs as they are taken`
}

/** A shape without dimensions is one that its model does not declare. */
function fits(made: TensorSpec, taken: TensorSpec): boolean {
  if (made.datatype !== taken.datatype) return false
  if (made.shape.length === 0 || taken.shape.length === 0) return true
  if (made.shape.length !== taken.shape.length) return false
  return made.shape.every((size, axis) => {
    const due = taken.shape[axis]!
    return size === due || size === -1 || due === -1
  })
}

function describe({ datatype, shape }: TensorSpec): string {
  return `${datatype} [${shape.join(', ')}]`
}
