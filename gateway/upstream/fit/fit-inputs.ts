import { elementCount } from '../../../model-workers/protocol/sizes.ts'
import type { Tensor, TensorSpec } from '../../../model-workers/protocol/types.ts'
import type { FitInput } from '../../config/models/fit.ts'
import { isFloat, readFloats, writeFloats } from '../ensemble/floats.ts'
import { describeSpec } from '../signature.ts'

export interface FittedInputs {
  /** What requests bring. */
  readonly specs: readonly TensorSpec[]
  /** That as the model takes it. */
  toModel(this: void, tensor: Tensor): Tensor
}

/** Throws in words where the model has no such input, or what requests bring cannot be made one. */
export function fitInputs(fit: readonly FitInput[], found: readonly TensorSpec[]): FittedInputs {
  const theirs = new Map<string, TensorSpec>()
  const ours = new Map<string, TensorSpec>()
  for (const input of fit) {
    const spec = found.find(({ name }) => name === input.as)
    if (spec === undefined) throw new Error(`it has no input "${input.as}": it takes ${names(found)}`)
    const { name, datatype = spec.datatype, shape = spec.shape } = input
    const own = { name, datatype, shape }
    checkTypes(own, spec)
    checkRows(own, spec)
    theirs.set(name, spec)
    ours.set(spec.name, own)
  }
  return {
    specs: found.map((spec) => ours.get(spec.name) ?? spec),
    toModel(tensor) {
      const spec = theirs.get(tensor.name)
      return spec === undefined ? tensor : toSpec(tensor, spec)
    },
  }
}

function toSpec(tensor: Tensor, { name, datatype, shape }: TensorSpec): Tensor {
  const isSame =
    shape.length === tensor.shape.length && shape.every((size, axis) => axis === 0 || size === -1)
  const fitted = { ...tensor, name, shape: isSame ? tensor.shape : [tensor.shape[0]!, ...shape.slice(1)] }
  if (tensor.datatype === datatype || !isFloat(tensor) || !isFloatType(datatype)) return fitted
  return { ...fitted, datatype, bytes: writeFloats(datatype, readFloats(tensor)) }
}

function checkTypes(own: TensorSpec, spec: TensorSpec): void {
  if (own.datatype === spec.datatype || isFloatType(spec.datatype)) return
  throw new Error(`its input "${spec.name}" is ${spec.datatype}: only floats become other floats`)
}

/** The same elements in the same order, row by row: nothing else is a matter of form alone. */
function checkRows(own: TensorSpec, spec: TensorSpec): void {
  if (own.shape.length === spec.shape.length && own.shape.every((size, axis) => size === spec.shape[axis]))
    return
  const said = `its input "${spec.name}" is ${describeSpec(spec)}, which ${describeSpec(own)} does not become`
  if (own.shape[0] !== spec.shape[0])
    throw new Error(`${said}: the first dimension has to be the same; export the model with a free one (-1)`)
  const [wanted, given] = [spec, own].map(({ shape }) => shape.slice(1)) as [number[], number[]]
  if ([...wanted, ...given].includes(-1))
    throw new Error(`${said}: only the first dimension may be free where the shape is another`)
  if (elementCount(wanted) !== elementCount(given))
    throw new Error(`${said}: a row has ${elementCount(wanted)} elements, not ${elementCount(given)}`)
}

const isFloatType = (datatype: string): datatype is 'FP16' | 'FP32' | 'FP64' =>
  /^FP(16|32|64)$/.test(datatype)

const names = (specs: readonly TensorSpec[]): string => specs.map(({ name }) => `"${name}"`).join(', ')
