/** What stands between a request's fields and the tensors of the models. */
export interface PreprocessConfig {
  /** By the names of the models' inputs; none where requests send tensors. */
  readonly tensors: readonly TensorConfig[]
  /** Models that make other tensors of these, one after the other, before an arm is asked. */
  readonly models: readonly ModelStepConfig[]
  /** Of somebody's own, which sees the fields first. */
  readonly module?: ModuleConfig
}

export interface ModelStepConfig {
  readonly model: string
  /** Its names of its inputs and what they are called here, where that is not the same. */
  readonly inputs?: Readonly<Record<string, string>> | undefined
  /** The same of its outputs; all are kept when absent, else those named. */
  readonly outputs?: Readonly<Record<string, string>> | undefined
}

export interface ModuleConfig {
  /** Absolute path of a TypeScript or JavaScript file. */
  readonly file: string
  /** That requests may send for it. */
  readonly fields: readonly string[]
}

/** A tensor is its blocks beside each other, a row for each row of the request. */
export interface TensorConfig {
  readonly name: string
  readonly blocks: readonly BlockConfig[]
}

/** Some fields and what is done with them, in this order. */
export interface BlockConfig {
  readonly columns: readonly string[]
  readonly steps: readonly StepConfig[]
}

/** One for all columns of the block, or one for each. */
export type PerColumn = number | readonly number[]

export type Category = string | number | boolean

export type StepConfig =
  | { readonly kind: 'impute'; readonly value: Category | readonly Category[]; readonly indicator: boolean }
  | { readonly kind: 'keep_missing' }
  | { readonly kind: 'clip'; readonly low: number; readonly high: number }
  | { readonly kind: 'scale'; readonly centre: PerColumn; readonly spread: PerColumn }
  | { readonly kind: 'log'; readonly base: LogBase }
  | {
      readonly kind: 'bucketise'
      /** Between the buckets, ascending; a value on an edge is in the bucket above it. */
      readonly edges: readonly number[]
      readonly encode: 'ordinal' | 'one_hot'
    }
  | {
      readonly kind: 'one_hot'
      /** Of each column, or one list for all. */
      readonly categories: readonly (readonly string[])[]
      readonly unknown: 'zeros' | 'refuse'
      readonly drop: 'none' | 'first'
    }
  | {
      readonly kind: 'ordinal'
      readonly categories: readonly (readonly string[])[]
      readonly unknown: number | 'refuse'
    }
  | { readonly kind: 'hash'; readonly buckets: number; readonly signed: boolean }

export const logBases = ['ln', 'log1p', 'log2', 'log10'] as const
export type LogBase = (typeof logBases)[number]
