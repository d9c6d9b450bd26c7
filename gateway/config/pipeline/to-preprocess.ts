import { resolve } from 'node:path'
import type { Category, PerColumn, PreprocessConfig, StepConfig } from './pipeline.ts'
import type { PreprocessInput, StepInput } from './preprocess-schema.ts'

/** Every step has been seen to have exactly one name. */
export function toPreprocess(
  { tensors = {}, module, models = [] }: PreprocessInput,
  folder = '.',
): PreprocessConfig {
  return {
    ...(module && { module: { ...module, file: resolve(folder, module.file) } }),
    models,
    tensors: Object.entries(tensors).map(([name, blocks]) => ({
      name,
      blocks: blocks.map(({ columns, steps }) => ({ columns, steps: steps.map(toStep) })),
    })),
  }
}

/** Undefined where it has no name, or several. */
export function stepName(step: StepInput): string | undefined {
  const names = Object.entries(step).flatMap(([name, setting]) => (setting === undefined ? [] : [name]))
  return names.length === 1 ? names[0] : undefined
}

export function toStep(step: StepInput): StepConfig {
  const { impute, clip, scale, log, bucketise, one_hot: oneHot, ordinal, hash } = step
  if (impute !== undefined) {
    const { value, indicator } = isSettings(impute) ? impute : { value: impute, indicator: false }
    return { kind: 'impute', value, indicator }
  }
  if (clip !== undefined) return { kind: 'clip', low: clip[0], high: clip[1] }
  if (scale !== undefined) return { kind: 'scale', ...toScale(scale) }
  if (log !== undefined) return { kind: 'log', base: log }
  if (bucketise !== undefined) {
    return {
      kind: 'bucketise',
      ...(isSettings(bucketise) ? bucketise : { edges: bucketise, encode: 'ordinal' }),
    }
  }
  if (oneHot !== undefined) {
    const given = isSettings(oneHot)
      ? oneHot
      : { categories: oneHot, unknown: 'zeros' as const, drop: 'none' as const }
    return { kind: 'one_hot', ...given, categories: toLists(given.categories) }
  }
  if (ordinal !== undefined) {
    const given = isSettings(ordinal) ? ordinal : { categories: ordinal, unknown: 'refuse' as const }
    return { kind: 'ordinal', ...given, categories: toLists(given.categories) }
  }
  return hash === undefined ? { kind: 'keep_missing' } : { kind: 'hash', ...hash }
}

/** (x − centre) ∕ spread. */
function toScale({ mean, deviation, min, max }: NonNullable<StepInput['scale']>): {
  readonly centre: PerColumn
  readonly spread: PerColumn
} {
  if (min === undefined || max === undefined) return { centre: mean ?? 0, spread: deviation ?? 1 }
  if (typeof min === 'number' && typeof max === 'number') return { centre: min, spread: max - min }
  const columns = Math.max(...[min, max].map((each) => (typeof each === 'number' ? 1 : each.length)))
  const at = (setting: PerColumn, column: number) =>
    typeof setting === 'number' ? setting : setting[column]!
  return {
    centre: min,
    spread: Array.from({ length: columns }, (_, column) => at(max, column) - at(min, column)),
  }
}

/** Categories are told apart as texts: 1 and "1" are the same. */
function toLists(categories: readonly Category[] | readonly (readonly Category[])[]): string[][] {
  const lists = categories.every((each) => typeof each === 'object') ? categories : [categories]
  return lists.map((list) => list.map(String))
}

function isSettings<T>(setting: T): setting is Extract<T, Readonly<Record<string, unknown>>> {
  return typeof setting === 'object' && setting !== null && !Array.isArray(setting)
}
