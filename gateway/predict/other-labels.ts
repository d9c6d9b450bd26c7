import { modelSubject, toLabels, type OtherLabels } from '../../bandit/index.ts'
import { TensorFault } from '../../model-workers/protocol/faults.ts'
import { tensorToJson } from '../../model-workers/protocol/json.ts'
import type { Tensor } from '../../model-workers/protocol/types.ts'
import type { MemberOutputs } from '../upstream/arm.ts'

/** What each model of an ensemble predicted by itself; without those that have no such output. */
export function labelsOfModels(said: readonly MemberOutputs[], labelOutput: string): OtherLabels {
  return Object.fromEntries(
    said.flatMap(({ model, outputs }) => {
      const labels = labelsIn(outputs, labelOutput)
      return labels === undefined ? [] : [[modelSubject(model), labels]]
    }),
  )
}

function labelsIn(outputs: readonly Tensor[], labelOutput: string): OtherLabels[string] | undefined {
  const output = outputs.find(({ name }) => name === labelOutput)
  try {
    return output && toLabels(tensorToJson(output))
  } catch (error) {
    // What JSON has no words for is no label.
    if (error instanceof TensorFault) return undefined
    throw error
  }
}
