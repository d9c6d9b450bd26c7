import type { FitInput, FitOutput, ModelFit } from './fit.ts'
import type { FitConfigInput } from './fit-schema.ts'

export function toFit({ inputs, outputs }: FitConfigInput): ModelFit {
  return {
    inputs: Object.entries(inputs).map(([name, input]) => toInput(name, input)),
    outputs: Object.entries(outputs).map(([name, output]) => toOutput(name, output)),
  }
}

function toInput(name: string, { as = name, shape, datatype }: FitConfigInput['inputs'][string]): FitInput {
  return { name, as, ...(shape && { shape }), ...(datatype && { datatype }) }
}

function toOutput(name: string, output: FitConfigInput['outputs'][string]): FitOutput {
  const { as, argmax, classes, softmax } = output
  if (argmax !== undefined) return { kind: 'argmax', name, from: argmax, ...(classes && { classes }) }
  if (softmax !== undefined) return { kind: 'softmax', name, from: softmax }
  return { kind: 'same', name, from: as! }
}
