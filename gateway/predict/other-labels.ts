import { modelSubject, toLabels, type Labels, type OtherLabels } from '../../bandit/index.ts'
import { TensorFault } from '../../model-workers/protocol/faults.ts'
import { tensorToJson } from '../../model-workers/protocol/json.ts'
import type { Tensor } from '../../model-workers/protocol/types.ts'
import type { After } from '../pipeline/pipeline.ts'
import { OutputFault } from '../pipeline/post/outputs.ts'
import type { Table } from '../pipeline/table.ts'
import type { MemberOutputs } from '../upstream/arm.ts'

/** How outputs become what a true label is compared with. */
export interface LabelPath {
  readonly output: string
  /** What finishes outputs before they are answered. */
  readonly after?: After | undefined
  readonly table?: Table | undefined
}

/** What each model of an ensemble predicted by itself; without those that have no such output. */
export function labelsOfModels(said: readonly MemberOutputs[], path: LabelPath): OtherLabels {
  return Object.fromEntries(
    said.flatMap(({ model, outputs }) => {
      const labels = labelsIn(outputs, path)
      return labels === undefined ? [] : [[modelSubject(model), labels]]
    }),
  )
}

/** Finished as if they had been the answer; undefined where that cannot be. */
export function labelsIn(
  outputs: readonly Tensor[],
  { output, after, table }: LabelPath,
): Labels | undefined {
  const needed = after === undefined ? outputs.filter(({ name }) => name === output) : outputs
  try {
    const given = Object.fromEntries(needed.map((tensor) => [tensor.name, tensorToJson(tensor)]))
    const label = (after === undefined ? given : after.run(given, table))[output]
    return label === undefined ? undefined : toLabels(label)
  } catch (error) {
    if (error instanceof TensorFault || error instanceof OutputFault) return undefined
    throw error
  }
}
