import { TensorFault } from './faults.ts'
import type { Tensor, TensorSpec } from './types.ts'

/**
 * Checks that `inputs` are just the tensors that a model with these input specs takes, in whatever order. A spec
 * with shape [] takes any shape, as models that declare no shape look the same as models of scalars.
 *
 * @throws TensorFault
 */
export function checkInputs(specs: readonly TensorSpec[], inputs: readonly Tensor[]): void {
  for (const input of inputs) {
    const spec = specs.find((candidate) => candidate.name === input.name)
    if (spec === undefined) {
      throw new TensorFault('wrong_shape', '', `found the input "${input.name}", expected ${list(specs)}`)
    }
    checkInput(spec, input)
  }
  if (inputs.length === specs.length) return
  const missing = specs.filter((spec) => !inputs.some((input) => input.name === spec.name))
  throw new TensorFault('wrong_shape', '', `send the missing input ${list(missing)} too`)
}

function checkInput(spec: TensorSpec, input: Tensor): void {
  if (input.datatype !== spec.datatype) {
    throw new TensorFault(
      'wrong_type',
      '',
      `"${input.name}": found ${input.datatype}, expected ${spec.datatype}`,
    )
  }
  if (spec.shape.length === 0) return
  const fits =
    input.shape.length === spec.shape.length &&
    spec.shape.every((dimension, axis) => dimension === -1 || dimension === input.shape[axis])
  if (fits) return
  throw new TensorFault(
    'wrong_shape',
    '',
    `"${input.name}": found the shape [${input.shape.join(', ')}], expected [${spec.shape.join(', ')}]`,
  )
}

function list(specs: readonly TensorSpec[]): string {
  return specs.map((spec) => `"${spec.name}"`).join(', ')
}
