import type { ModuleConfig } from './pipeline.ts'

/** What becomes of a model's outputs before anybody sees them, in this order. */
export type PostStepConfig =
  | CalibrateConfig
  | ThresholdConfig
  | LabelsConfig
  | TopKConfig
  | SlateConfig
  | (ModuleConfig & { readonly kind: 'module'; readonly makes: readonly string[] })
  | { readonly kind: 'keep'; readonly outputs: readonly string[] }

export type CalibratorConfig =
  | { readonly kind: 'platt'; readonly a: number; readonly b: number }
  | { readonly kind: 'isotonic'; readonly x: readonly number[]; readonly y: readonly number[] }

export interface CalibrateConfig {
  readonly kind: 'calibrate'
  readonly output: string
  readonly to: string
  /** One for a probability, or one for each class; `temperature` divides logits before they become shares. */
  readonly by: readonly CalibratorConfig[] | { readonly temperature: number }
}

export interface ThresholdConfig {
  readonly kind: 'threshold'
  readonly output: string
  /** Undefined = the only one, or of two the second. */
  readonly column: number | undefined
  readonly at: number
  readonly to: string
}

export interface LabelsConfig {
  readonly kind: 'labels'
  readonly output: string
  readonly to: string
  /** By what the model says. */
  readonly names: ReadonlyMap<string, string>
}

export interface TopKConfig {
  readonly kind: 'top_k'
  readonly output: string
  readonly k: number
  readonly to: string
  /** Of the columns; undefined = their numbers from 0. */
  readonly names: readonly string[] | undefined
}

/** Rows are candidates; some of them are shown, in an order. */
export interface SlateConfig {
  readonly kind: 'slate'
  readonly score: string
  readonly column: number | undefined
  /** Field that names a candidate. */
  readonly item: string
  readonly k: number
  readonly to: string
  readonly freshness: { readonly age: string; readonly halfLife: number } | undefined
  readonly diversity: DiversityConfig | undefined
  readonly cap: { readonly by: string; readonly most: number } | undefined
  readonly exposure: { readonly by: string; readonly least: ReadonlyMap<string, number> } | undefined
}

export interface DiversityConfig {
  /** Fields: candidates are alike by the share of these in which they agree. */
  readonly by: readonly string[]
  /** 1 = by score alone, 0 = by difference alone. */
  readonly lambda: number
}
