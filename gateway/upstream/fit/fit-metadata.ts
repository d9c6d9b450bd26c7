import type { ModelMetadata } from '../../../model-workers/protocol/types.ts'
import type { ModelFit } from '../../config/models/fit.ts'
import { fitInputs, type FittedInputs } from './fit-inputs.ts'
import { fitOutputs, type FittedOutputs } from './fit-outputs.ts'

export interface Fitted {
  /** What endpoints see of the model. */
  readonly metadata: ModelMetadata
  readonly inputs: FittedInputs
  readonly outputs: FittedOutputs
}

/** Throws in words where the model and its `fit` do not go together. */
export function fitMetadata({ inputs, outputs }: ModelFit, found: ModelMetadata): Fitted {
  const fitted = { inputs: fitInputs(inputs, found.inputs), outputs: fitOutputs(outputs, found.outputs) }
  const metadata = { ...found, inputs: fitted.inputs.specs, outputs: fitted.outputs.specs }
  return { ...fitted, metadata }
}
