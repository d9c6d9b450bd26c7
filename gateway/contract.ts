import type { Logger } from 'pino'
import type { ModelMetadata, TensorSpec } from '../model-workers/protocol/types.ts'
import type { EndpointConfig } from './config/endpoint-config.ts'
import type { ModelSteps } from './pipeline/models/model-steps.ts'
import type { Pipeline } from './pipeline/pipeline.ts'
import type { Arm } from './upstream/arm.ts'
import type { ModelUpstream } from './upstream/model-upstream.ts'
import { commonSpecs, signatureDifference } from './upstream/signature.ts'

/** What the models of one endpoint must have in common. */
export interface Contract {
  /** Inputs of the first model, in the order of the arms, that has said what it takes. */
  takes(): readonly TensorSpec[] | undefined
  /** What requests have to bring for that; another thing only where models stand before the arms. */
  inputs(): readonly TensorSpec[] | undefined
  /** Outputs that all of these models have which are known; undefined while none is. */
  outputs(models?: readonly ModelUpstream[]): readonly TensorSpec[] | undefined
  /**
   * Wraps an arm so that it is unavailable while one of its models breaks the contract; `last` is what makes its outputs
   * where that takes those of the others.
   */
  hold(arm: Arm, models: readonly ModelUpstream[], last?: ModelUpstream): Arm
}

/**
 * The first model known sets the inputs; one that takes others, or lacks the output that labels are compared with,
 * is kept out of the choice, for its answers would be faults or its rewards nonsense.
 */
export function createContract(
  { name, reward }: EndpointConfig,
  models: readonly ModelUpstream[],
  logger: Logger,
  { before, after }: Pipeline = {},
  steps?: Pick<ModelSteps, 'outside'>,
): Contract {
  const verdicts = new WeakMap<ModelMetadata, boolean>()
  /** What the first arm says its labels in. */
  let labels: { readonly model: string; readonly isText: boolean } | undefined
  let reference: { readonly model: string; readonly inputs: readonly TensorSpec[] } | undefined

  function settle(): typeof reference {
    if (reference !== undefined) return reference
    const known = models.find((model) => model.metadata() !== undefined)
    if (known !== undefined) reference = { model: known.name, inputs: known.metadata()!.inputs }
    return reference
  }

  function fault(metadata: ModelMetadata, own: string): string | undefined {
    const { model, inputs } = settle()!
    const difference = signatureDifference(inputs, metadata.inputs)
    if (difference !== undefined)
      return `takes other inputs than ${model}: ${difference}${mend(own, metadata.inputs)}`
    const sent = steps === undefined ? metadata.inputs : steps.outside(metadata.inputs)!
    if (typeof sent === 'string') return `does not fit the models of preprocess: ${sent}`
    const misfit = before?.misfit(sent)
    if (misfit !== undefined) return `does not take what preprocess makes: ${misfit}`
    return outputFault(metadata, own)
  }

  function outputFault(metadata: ModelMetadata, own: string): string | undefined {
    if (reward.from !== 'label' || after?.makes.has(reward.output) === true) return undefined
    const found = labelOf(metadata)
    if (found === undefined) {
      return `has no output "${reward.output}" to compare true labels with: name one of its outputs under reward.output, or make one of them that under models.${own}.fit.outputs`
    }
    labels ??= { model: own, isText: isText(found) }
    if (labels.isText === isText(found)) return undefined
    const words = (text: boolean) => (text ? 'text' : 'numbers')
    return `says "${reward.output}" in ${words(isText(found))} where ${labels.model} does in ${words(labels.isText)}, and a true label can be one of them only: give models.${own}.fit.outputs.${reward.output} an argmax with classes`
  }

  const labelOf = ({ outputs }: ModelMetadata) => outputs.find(({ name }) => name === reward.output)

  const keeps = (model: ModelUpstream): boolean => isUnsettled(model.metadata()) || judge(model, fault)

  /** Models before the arms have not yet said what they take. */
  function isUnsettled(metadata: ModelMetadata | undefined): boolean {
    return steps !== undefined && metadata !== undefined && steps.outside(metadata.inputs) === undefined
  }

  function judge(
    model: ModelUpstream,
    fault: (metadata: ModelMetadata, own: string) => string | undefined,
  ): boolean {
    const metadata = model.metadata()
    if (metadata === undefined) return true
    const known = verdicts.get(metadata)
    if (known !== undefined) return known
    const broken = fault(metadata, model.name)
    if (broken !== undefined)
      logger.error({ endpoint: name, model: model.name }, `model ${model.name} ${broken}`)
    verdicts.set(metadata, broken === undefined)
    return broken === undefined
  }

  let outside: readonly TensorSpec[] | undefined

  /** Of models that never change what they take and make. */
  function findOutside(): readonly TensorSpec[] | undefined {
    const known = settle()
    if (steps === undefined || known === undefined) return known?.inputs
    const found = outside ?? steps.outside(known.inputs)
    outside = typeof found === 'string' ? undefined : found
    return outside
  }

  return {
    takes: () => settle()?.inputs,
    inputs: findOutside,
    outputs(of = models) {
      const known = of.flatMap((model) => model.metadata() ?? []).map(({ outputs }) => outputs)
      return known.length === 0 ? undefined : commonSpecs(known)
    },
    hold(arm, members, last) {
      const keep = () => members.every(keeps) && (last === undefined || judge(last, outputFault))
      return { ...arm, available: () => arm.available() && keep(), wake: () => arm.wake() && keep() }
    },
  }
}

const isText = ({ datatype }: TensorSpec): boolean => datatype === 'BYTES'

function mend(model: string, inputs: readonly TensorSpec[]): string {
  return inputs.some(({ shape }) => shape[0] !== -1)
    ? '; export it with a free first dimension, so that it takes any number of rows'
    : `; models.${model}.fit.inputs can say how they are the same`
}
