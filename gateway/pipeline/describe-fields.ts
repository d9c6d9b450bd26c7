import type { TensorSpec } from '../../model-workers/protocol/types.ts'
import type { BlockConfig, StepConfig } from '../config/pipeline/pipeline.ts'
import type { PostStepConfig } from '../config/pipeline/postprocess.ts'
import type { PipelineConfig } from './pipeline-config.ts'
import type { Value } from './table.ts'

/** A field of requests, for those who ask what there is. */
export interface FieldFacts {
  readonly name: string
  readonly kind: 'number' | 'text'
  /** A value that the steps take. */
  readonly example: Value
  /** It is fetched where a request does not bring it. */
  readonly isFetched: boolean
}

type Told = Pick<FieldFacts, 'kind' | 'example'>

const someText: Told = { kind: 'text', example: 'a' }
/** Every step for numbers takes it; it has a logarithm too. */
const someNumber: Told = { kind: 'number', example: 1 }

/** Fields as tensors, for those who ask: a value a row. What is fetched need not be sent, and is not among them. */
export function toFieldSpecs(fields: readonly FieldFacts[]): readonly TensorSpec[] {
  return fields
    .filter(({ isFetched }) => !isFetched)
    .map(({ name, kind }) => ({ name, datatype: kind === 'text' ? 'BYTES' : 'FP64', shape: [-1] }))
}

/** Every field once, in the order of the configuration. */
export function describeFields({
  preprocess,
  postprocess = [],
  features = [],
}: PipelineConfig): FieldFacts[] {
  const told = new Map<string, Told>()
  const tell = (name: string, facts: Told) => told.set(name, told.get(name) ?? facts)
  for (const { blocks } of preprocess?.tensors ?? [])
    for (const block of blocks)
      for (const [at, name] of block.columns.entries()) tell(name, toldBy(block, at))
  for (const name of preprocess?.module?.fields ?? []) tell(name, someNumber)
  for (const step of postprocess) for (const [name, facts] of toldAfter(step)) tell(name, facts)
  for (const { keys } of features) for (const name of keys) tell(name, someText)
  const fetched = new Set(features.flatMap((source) => source.features.map(({ name }) => name)))
  return [...told].map(([name, { kind, example }]) => ({ name, kind, example, isFetched: fetched.has(name) }))
}

/** The first step that minds says it. */
function toldBy({ steps }: BlockConfig, column: number): Told {
  for (const step of steps) {
    const facts = toldByStep(step, column)
    if (facts !== undefined) return facts
  }
  return someNumber
}

function toldByStep(step: StepConfig, column: number): Told | undefined {
  switch (step.kind) {
    case 'one_hot':
    case 'ordinal': {
      const { categories } = step
      return { kind: 'text', example: categories[categories.length > 1 ? column : 0]![0]! }
    }
    case 'hash':
      return someText
    case 'impute': {
      const value = Array.isArray(step.value)
        ? (step.value as readonly Value[])[column]!
        : (step.value as Value)
      return typeof value === 'string' ? { kind: 'text', example: value } : undefined
    }
    case 'bucketise':
    case 'clip':
    case 'keep_missing':
    case 'log':
    case 'scale':
      return someNumber
  }
}

function toldAfter(step: PostStepConfig): (readonly [string, Told])[] {
  if (step.kind === 'module') return step.fields.map((name) => [name, someNumber])
  if (step.kind !== 'slate') return []
  const { item, freshness, diversity, cap, exposure } = step
  const groups = [item, ...(diversity?.by ?? []), cap?.by, exposure?.by].filter((name) => name !== undefined)
  const ages = freshness === undefined ? [] : [[freshness.age, someNumber] as const]
  return [...groups.map((name) => [name, someText] as const), ...ages]
}
