import type { ContextSchema, Feature, FeatureValue } from '../bandit/index.ts'
import type { TensorSpec } from '../model-workers/protocol/types.ts'
import type { EndpointRuntime } from './endpoint-runtime.ts'

/** A request that an endpoint takes, for somebody who tries it. */
export interface ExampleRequest {
  readonly name: string
  /** `predict`, or `decide` where arms are values. */
  readonly verb: 'predict' | 'decide'
  /** But for an id; `inputs` where anything is inferred, `context` where the endpoint declares any. */
  readonly body: Readonly<Record<string, unknown>>
  /** What feedback about its predictions says. */
  readonly feedback: 'label' | 'reward'
}

export function describeRequest({
  name,
  settings,
  inputs,
  encoding,
  pipeline,
}: EndpointRuntime): ExampleRequest {
  const isValue = settings.arms.every(({ kind }) => kind === 'value')
  const fields = pipeline?.before?.fields.map((field) => [field.name, field.example])
  const sent = fields ?? (inputs() ?? []).map((spec) => [spec.name, zeros(spec)])
  return {
    name,
    verb: isValue ? 'decide' : 'predict',
    body: {
      ...(!isValue && { inputs: Object.fromEntries(sent) as object }),
      ...(encoding && { context: contextOf(encoding.schema) }),
    },
    feedback: settings.reward.from,
  }
}

/** One row of nothing, flat where the shape allows it. */
function zeros({ shape, datatype }: TensorSpec): readonly unknown[] {
  const count = shape.reduce((product, dimension) => product * Math.max(1, dimension), 1)
  const nothing = datatype === 'BYTES' ? '' : datatype === 'BOOL' ? false : 0
  return Array.from({ length: count }, () => nothing)
}

function contextOf({ features }: ContextSchema): object {
  return Object.fromEntries(features.map((feature) => [feature.name, valueOf(feature)]))
}

function valueOf(feature: Feature): FeatureValue {
  switch (feature.kind) {
    case 'range':
      return feature.low
    case 'standard':
      return feature.mean
    case 'category':
      return feature.values[0]!
    case 'text':
      return 'a'
    case 'boolean':
      return true
  }
}
