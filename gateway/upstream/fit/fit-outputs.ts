import { encodeStrings } from '../../../model-workers/protocol/byte-strings.ts'
import type { Tensor, TensorSpec } from '../../../model-workers/protocol/types.ts'
import type { FitOutput } from '../../config/models/fit.ts'
import { largestPerRow } from '../ensemble/argmax.ts'
import { type FloatTensor, isFloat, readFloats, writeFloats } from '../ensemble/floats.ts'
import { describeSpec } from '../signature.ts'

export interface FittedOutputs {
  /** What the endpoint is answered: the outputs of `fit`, and those of the model whose names nobody else has taken. */
  readonly specs: readonly TensorSpec[]
  fromModel(this: void, outputs: readonly Tensor[]): readonly Tensor[]
}

/** Throws in words where the model has no such output, or nothing of the kind can be made of it. */
export function fitOutputs(fit: readonly FitOutput[], found: readonly TensorSpec[]): FittedOutputs {
  const gone = new Set(fit.flatMap(({ kind, name, from }) => (kind === 'same' ? [name, from] : [name])))
  const made = fit.map((output) => toSpec(output, found))
  return {
    specs: [...found.filter(({ name }) => !gone.has(name)), ...made],
    fromModel: (outputs) => [
      ...outputs.filter(({ name }) => !gone.has(name)),
      // One that the model left out is told by whoever looks for it.
      ...fit.flatMap((output) => {
        const from = outputs.find(({ name }) => name === output.from)
        return from === undefined ? [] : [make(output, from)]
      }),
    ],
  }
}

function toSpec(output: FitOutput, found: readonly TensorSpec[]): TensorSpec {
  const { name, from } = output
  const spec = found.find((one) => one.name === from)
  if (spec === undefined) {
    const known = found.map((one) => `"${one.name}"`).join(', ')
    throw new Error(`it has no output "${from}": it answers ${known}`)
  }
  if (output.kind === 'same') return { ...spec, name }
  if (!spec.datatype.startsWith('FP') || spec.shape.length < 2)
    throw new Error(`${output.kind} needs rows of floats, and its output "${from}" is ${describeSpec(spec)}`)
  if (output.kind === 'softmax') return { ...spec, name }
  const { classes } = output
  const columns = spec.shape.at(-1)!
  if (classes !== undefined && columns !== -1 && columns !== classes.length)
    throw new Error(`its output "${from}" has ${columns} columns, and classes names ${classes.length}`)
  return {
    name,
    datatype: typeof classes?.[0] === 'string' ? 'BYTES' : 'INT64',
    shape: spec.shape.slice(0, -1),
  }
}

function make(output: FitOutput, from: Tensor): Tensor {
  const { name } = output
  // What is not as it was promised stays so, for whoever compares the two to tell.
  if (output.kind === 'same' || !isFloat(from)) return { ...from, name }
  if (output.kind === 'softmax') return { ...from, name, bytes: writeFloats(from.datatype, softmax(from)) }
  const shape = from.shape.slice(0, -1)
  const places = largestPerRow(readFloats(from), from.shape.at(-1)!)
  return toLabels({ name, shape }, places, output.classes)
}

/** Throws where a place has no class. */
function toLabels(
  { name, shape }: Pick<Tensor, 'name' | 'shape'>,
  places: readonly number[],
  classes: readonly (string | number)[] | undefined,
): Tensor {
  const labels = places.map((at) => (classes === undefined ? at : classes[at]))
  const odd = labels.indexOf(undefined)
  if (odd >= 0) throw new Error(`column ${places[odd]} has no name among the classes of "${name}"`)
  if (typeof classes?.[0] === 'string')
    return { name, datatype: 'BYTES', shape, bytes: encodeStrings(labels.map(String)) }
  const integers = BigInt64Array.from(labels.map(Number), BigInt)
  return { name, datatype: 'INT64', shape, bytes: new Uint8Array(integers.buffer) }
}

/** exp(x) ∕ Σ exp(x) along the last axis, the greatest taken off first so that none overflows. */
function softmax(logits: FloatTensor): Float64Array {
  const values = readFloats(logits)
  const width = logits.shape.at(-1)!
  for (let start = 0; start < values.length; start += width) {
    const row = values.subarray(start, start + width)
    const greatest = row.reduce((most, value) => Math.max(most, value), -Infinity)
    let sum = 0
    for (let i = 0; i < width; i++) sum += row[i] = Math.exp(row[i]! - greatest)
    for (let i = 0; i < width; i++) row[i]! /= sum
  }
  return values
}
