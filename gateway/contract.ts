import type { Logger } from 'pino'
import type { ModelMetadata, TensorSpec } from '../model-workers/protocol/types.ts'
import type { EndpointConfig } from './config/endpoint-config.ts'
import type { ModelSteps } from './pipeline/models/model-steps.ts'
import type { Pipeline } from './pipeline/pipeline.ts'
import type { Arm } from './upstream/arm.ts'
import type { ModelUpstream } from './upstream/model-upstream.ts'
import { mostShared } from './upstream/most-shared.ts'
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
 * What most of the models known take is what requests bring, and of as many the first in the order of the arms: who starts the
 * quickest decides nothing. One that takes other inputs, lacks the output that labels are compared with, or says it in
 * text where others do in numbers, is kept out of the choice, for its answers would be faults or its rewards nonsense.
 */
export function createContract(
  { name, reward }: EndpointConfig,
  models: readonly ModelUpstream[],
  logger: Logger,
  { before, after }: Pipeline = {},
  steps?: Pick<ModelSteps, 'outside'>,
): Contract {
  let verdicts = new WeakMap<ModelMetadata, { readonly broken: string | undefined }>()
  let terms: Terms | undefined
  let known = 0

  /** Anew with each model that becomes known; none is forgotten. */
  function settle(): Terms | undefined {
    let count = 0
    for (const model of models) if (model.metadata() !== undefined) count++
    if (count === known) return terms
    known = count
    const before = terms
    terms = toTerms(models, reward.output)
    if (before !== undefined && !isSame(before, terms!)) {
      verdicts = new WeakMap()
      outside = undefined
    }
    return terms
  }

  function fault(metadata: ModelMetadata, own: string): string | undefined {
    const { model, inputs } = settle()!.reference
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
    const found = labelOf(metadata, reward.output)
    if (found === undefined) {
      return `has no output "${reward.output}" to compare true labels with: name one of its outputs under reward.output, or make one of them that under models.${own}.fit.outputs`
    }
    const labels = settle()?.labels
    if (labels === undefined || labels.isText === isText(found)) return undefined
    const words = (text: boolean) => (text ? 'text' : 'numbers')
    return `says "${reward.output}" in ${words(isText(found))} where ${labels.model} does in ${words(labels.isText)}, and a true label can be one of them only: give models.${own}.fit.outputs.${reward.output} an argmax with classes`
  }

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
    settle()
    const verdict = verdicts.get(metadata)
    if (verdict !== undefined) return verdict.broken === undefined
    const broken = fault(metadata, model.name)
    if (broken !== undefined)
      logger.error({ endpoint: name, model: model.name }, `model ${model.name} ${broken}`)
    verdicts.set(metadata, { broken })
    return broken === undefined
  }

  function told(model: ModelUpstream): string | undefined {
    const metadata = model.metadata()
    const broken = metadata && verdicts.get(metadata)?.broken
    return broken && `model ${model.name} ${broken}`
  }

  let outside: readonly TensorSpec[] | undefined

  /** Of models that never change what they take and make. */
  function findOutside(): readonly TensorSpec[] | undefined {
    const inputs = settle()?.reference.inputs
    if (steps === undefined || inputs === undefined) return inputs
    const found = outside ?? steps.outside(inputs)
    outside = typeof found === 'string' ? undefined : found
    return outside
  }

  return {
    takes: () => settle()?.reference.inputs,
    inputs: findOutside,
    outputs(of = models) {
      const known = of.flatMap((model) => model.metadata() ?? []).map(({ outputs }) => outputs)
      return known.length === 0 ? undefined : commonSpecs(known)
    },
    hold(arm, members, last) {
      const keep = () => members.every(keeps) && (last === undefined || judge(last, outputFault))
      const all = last === undefined ? members : [...members, last]
      return {
        ...arm,
        available: () => arm.available() && keep(),
        wake: () => arm.wake() && keep(),
        misfit: () => all.map(told).find((reason) => reason !== undefined),
      }
    },
  }
}

/** What an endpoint holds its models to. */
interface Terms {
  readonly reference: { readonly model: string; readonly inputs: readonly TensorSpec[] }
  /** Undefined where no model has the output that labels are compared with. */
  readonly labels: { readonly model: string; readonly isText: boolean } | undefined
}

/** Undefined while no model is known. */
function toTerms(models: readonly ModelUpstream[], output: string): Terms | undefined {
  const inputs = models.flatMap((model) => {
    const metadata = model.metadata()
    return metadata === undefined ? [] : [{ model: model.name, inputs: metadata.inputs }]
  })
  const labels = models.flatMap((model) => {
    const metadata = model.metadata()
    const label = metadata && labelOf(metadata, output)
    return label === undefined ? [] : [{ model: model.name, isText: isText(label) }]
  })
  const reference = mostShared(inputs, (a, b) => signatureDifference(a.inputs, b.inputs) === undefined)
  return reference && { reference, labels: mostShared(labels, (a, b) => a.isText === b.isText) }
}

function isSame(a: Terms, b: Terms): boolean {
  return (
    a.labels?.isText === b.labels?.isText &&
    signatureDifference(a.reference.inputs, b.reference.inputs) === undefined
  )
}

const labelOf = ({ outputs }: ModelMetadata, output: string): TensorSpec | undefined =>
  outputs.find(({ name }) => name === output)

const isText = ({ datatype }: TensorSpec): boolean => datatype === 'BYTES'

function mend(model: string, inputs: readonly TensorSpec[]): string {
  return inputs.some(({ shape }) => shape[0] !== -1)
    ? '; export it with a free first dimension, so that it takes any number of rows'
    : `; models.${model}.fit.inputs can say how they are the same`
}
