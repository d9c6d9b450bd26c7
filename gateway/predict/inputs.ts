import { TensorFault } from '../../model-workers/protocol/faults.ts'
import { tensorFromJson } from '../../model-workers/protocol/json.ts'
import type { Tensor, TensorSpec } from '../../model-workers/protocol/types.ts'
import { GatewayError } from '../errors.ts'
import { escapePointer, type Fields } from '../http/fields.ts'
import type { PredictRequest } from './request.ts'

type GivenInputs = Pick<PredictRequest, 'inputs' | 'exactInputs'>

/**
 * The tensors that the inputs stand for, in the order of the endpoint's signature.
 *
 * @throws GatewayError unknown_input, missing_input, invalid_input, row_mismatch
 */
export function parseInputs({ inputs, exactInputs }: GivenInputs, specs: readonly TensorSpec[]): Tensor[] {
  for (const name in inputs) {
    if (specs.some((spec) => spec.name === name)) continue
    throw new GatewayError('unknown_input', `the endpoint takes ${list(specs)}: take this one out`, {
      pointer: pointerTo(name),
    })
  }
  const exact = specs.some(isLong) ? exactInputs() : inputs
  const tensors = specs.map((spec) => parseInput(isLong(spec) ? exact : inputs, spec))
  checkRows(tensors, specs)
  return tensors
}

function isLong({ datatype }: TensorSpec): boolean {
  return datatype === 'INT64' || datatype === 'UINT64'
}

function parseInput(inputs: Fields, spec: TensorSpec): Tensor {
  if (!Object.hasOwn(inputs, spec.name)) {
    const detail = `input "${spec.name}" (${spec.datatype} [${spec.shape.join(', ')}]) is missing: add it`
    throw new GatewayError('missing_input', detail, { pointer: '/inputs' })
  }
  try {
    return tensorFromJson(spec, inputs[spec.name])
  } catch (error) {
    if (!(error instanceof TensorFault)) throw error
    throw new GatewayError('invalid_input', error.message, {
      pointer: pointerTo(spec.name) + error.pointer,
      cause: error,
    })
  }
}

/** Requests are joined and split by rows, so every input must have as many. */
export function checkRows(tensors: readonly Tensor[], specs: readonly TensorSpec[]): void {
  let rows: number | undefined
  for (const [index, { name, shape }] of tensors.entries()) {
    if (specs[index]!.shape[0] !== -1) continue
    rows ??= shape[0]
    if (shape[0] === rows) continue
    const detail = `input "${name}" has ${shape[0]} rows, those before it ${rows}: send as many of each`
    throw new GatewayError('row_mismatch', detail, { pointer: pointerTo(name) })
  }
  if (rows !== 0) return
  throw new GatewayError('invalid_input', 'the inputs have no rows: send at least one', {
    pointer: '/inputs',
  })
}

function pointerTo(name: string): string {
  return `/inputs/${escapePointer(name)}`
}

function list(specs: readonly TensorSpec[]): string {
  return specs.map(({ name }) => name).join(', ')
}
