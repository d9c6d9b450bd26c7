import type { TensorSpec } from '../../model-workers/protocol/types.ts'
import type { FitInput, FitOutput, ModelFit } from '../../gateway/config/models/fit.ts'
import { fitInputs } from '../../gateway/upstream/fit/fit-inputs.ts'
import { signatureDifference } from '../../gateway/upstream/signature.ts'
import type { FoundModel } from './read-models.ts'

export interface Proposal {
  readonly fit: ModelFit
  /** What stays wrong with it, in words. */
  readonly faults: readonly string[]
}

/** How `model` could take what `inputs` are, and say a label where it has none by that name. */
export function proposeFit(model: FoundModel, inputs: readonly TensorSpec[]): Proposal {
  const faults: string[] = []
  const fitted = proposeInputs(model, inputs)
  if (typeof fitted === 'string') faults.push(fitted)
  return { fit: { inputs: typeof fitted === 'string' ? [] : fitted, outputs: proposeOutputs(model) }, faults }
}

function proposeInputs(model: FoundModel, wanted: readonly TensorSpec[]): readonly FitInput[] | string {
  const difference = signatureDifference(wanted, model.inputs)
  if (difference === undefined) return []
  const fixed = model.inputs.find(({ shape }) => shape[0] !== -1)
  if (fixed !== undefined)
    return `"${fixed.name}" has a first dimension of ${fixed.shape[0]}: export it with a free one, so that it takes any number of rows`
  const pairs = wanted.map((spec) => [spec, partnerOf(spec, wanted, model.inputs)] as const)
  const fit = pairs.flatMap(([spec, own]) =>
    own === undefined || signatureDifference([spec], [own]) === undefined ? [] : [toFit(spec, own)],
  )
  try {
    const rest = signatureDifference(wanted, fitInputs(fit, model.inputs).specs)
    return rest === undefined ? fit : `it takes other inputs: ${rest}`
  } catch (error) {
    return (error as Error).message
  }
}

/** The input of the same name, or the only one that there is. */
function partnerOf(
  spec: TensorSpec,
  wanted: readonly TensorSpec[],
  own: readonly TensorSpec[],
): TensorSpec | undefined {
  return (
    own.find(({ name }) => name === spec.name) ??
    (wanted.length === 1 && own.length === 1 ? own[0] : undefined)
  )
}

function toFit(spec: TensorSpec, own: TensorSpec): FitInput {
  const isFloat = spec.datatype === 'FP16' || spec.datatype === 'FP32' || spec.datatype === 'FP64'
  return {
    name: spec.name,
    as: own.name,
    ...(spec.shape.join() !== own.shape.join() && { shape: spec.shape }),
    ...(spec.datatype !== own.datatype && isFloat && { datatype: spec.datatype }),
  }
}

/** Names that say what becomes of them: of scikit-learn's old exports, of PyTorch's. */
function proposeOutputs({ outputs }: FoundModel): readonly FitOutput[] {
  const has = (name: string) => outputs.some((output) => output.name === name)
  const made: FitOutput[] = []
  const scores = outputs.find(({ datatype, shape }) => datatype.startsWith('FP') && (shape.at(-1) ?? 0) > 1)
  const logits = scores !== undefined && /logit/i.test(scores.name)
  if (!has('label')) {
    const own = outputs.find(({ datatype, shape }) => !datatype.startsWith('FP') && shape.length === 1)
    if (own !== undefined) made.push({ kind: 'same', name: 'label', from: own.name })
    else if (scores !== undefined && scores.shape.length === 2)
      made.push({ kind: 'argmax', name: 'label', from: scores.name })
  }
  if (logits && !has('probabilities'))
    made.push({ kind: 'softmax', name: 'probabilities', from: scores.name })
  return made
}
