import * as z from 'zod'
import { logBases } from './pipeline.ts'

/** The way from fields to tensors, as it is written. Which of it goes together is in `check-pipeline.ts`. */

const text = z.string().min(1)
const category = z.union([z.string(), z.number(), z.boolean()])
const perColumn = z.union([z.number(), z.array(z.number()).min(1)], {
  error: 'expected a number, or a list with one for each column',
})
const categories = z.union([z.array(category).min(1), z.array(z.array(category).min(1)).min(1)], {
  error: 'expected a list of categories, or one such list for each column',
})
const edges = z
  .array(z.number())
  .min(1)
  .refine((values) => values.every((value, at) => at === 0 || values[at - 1]! < value), {
    error: 'expected the edges between buckets in ascending order, such as [6, 12, 18]',
  })

const imputed = z.union([category, z.array(category).min(1)])
const impute = z.union(
  [
    imputed,
    z.strictObject({
      value: imputed.meta({ description: 'The value, or one for each column' }),
      indicator: z.boolean().default(false).meta({ description: 'Whether a column is added that says so' }),
    }),
  ],
  {
    error: 'expected a value, a list with one for each column, or { value: 0, indicator: true }',
  },
)
const scale = z.strictObject({
  mean: perColumn.optional().meta({ description: 'Is taken off' }),
  deviation: perColumn.optional().meta({ description: 'Becomes 1; 1 when absent' }),
  min: perColumn.optional().meta({ description: 'Becomes 0' }),
  max: perColumn.optional().meta({ description: 'Becomes 1' }),
})
const oneHot = z.union(
  [
    categories,
    z.strictObject({
      categories: categories.meta({ description: 'Each a column' }),
      unknown: z
        .enum(['zeros', 'refuse'])
        .default('zeros')
        .meta({ description: 'What a category that is not listed becomes' }),
      drop: z.enum(['none', 'first']).default('none').meta({ description: 'Which column is left out' }),
    }),
  ],
  { error: 'expected a list of categories, or { categories: [a, b], unknown: refuse, drop: first }' },
)
const ordinal = z.union(
  [
    categories,
    z.strictObject({
      categories: categories.meta({ description: 'From 0' }),
      unknown: z
        .union([z.number(), z.literal('refuse')])
        .default('refuse')
        .meta({ description: 'What a category that is not listed becomes' }),
    }),
  ],
  { error: 'expected a list of categories, or { categories: [a, b], unknown: -1 }' },
)
const bucketise = z.union(
  [
    edges,
    z.strictObject({
      edges: edges.meta({ description: 'Between buckets' }),
      encode: z
        .enum(['ordinal', 'one_hot'])
        .default('ordinal')
        .meta({ description: 'Its number, or a column of its own' }),
    }),
  ],
  { error: 'expected the edges between buckets in ascending order, or { edges: [6, 12], encode: one_hot }' },
)

/** Exactly one of them: a union would answer a slip in one step with the faults of all. */
const step = z.strictObject({
  impute: impute.optional().meta({ description: 'What stands in for a value that is missing' }),
  keep_missing: z.literal(true).optional().meta({ description: 'NaN, for models that know what to do' }),
  clip: z
    .tuple([z.number(), z.number()], { error: 'expected the least and the greatest value, such as [0, 100]' })
    .optional()
    .meta({ description: 'The least and the greatest value that it may be' }),
  scale: scale.optional().meta({ description: 'To a mean and a deviation, or to 0 and 1' }),
  log: z.enum(logBases).optional().meta({ description: 'Logarithm to that base; log1p is of 1 + x' }),
  bucketise: bucketise.optional().meta({ description: 'A number becomes the bucket that it lies in' }),
  one_hot: oneHot.optional().meta({ description: 'A category becomes a column of its own' }),
  ordinal: ordinal.optional().meta({ description: 'A category becomes its place in the list' }),
  hash: z
    .strictObject({
      buckets: z.int().min(1).max(65_536).meta({ description: 'Columns' }),
      signed: z.boolean().default(true).meta({ description: 'Whether half of them count −1' }),
    })
    .optional()
    .meta({ description: 'MurmurHash3 of name=value, as FeatureHasher of scikit-learn has it' }),
})

const block = z.strictObject({
  columns: z
    .array(text)
    .min(1)
    .refine((columns) => new Set(columns).size === columns.length, { error: 'one of them is there twice' })
    .meta({ description: 'Fields of the request' }),
  steps: z.array(step).default([]).meta({ description: 'What is done with them, one after the other' }),
})

/** Of somebody's own: what no step can say. */
export const stepModule = z.strictObject({
  file: text.meta({ description: 'TypeScript or JavaScript, from the folder of this file' }),
  fields: z.array(text).default([]).meta({ description: 'That requests may send for it' }),
})

const names = z
  .record(z.string(), text)
  .refine((given) => new Set(Object.values(given)).size === Object.keys(given).length, {
    error: 'two of them get the same name: give each its own',
  })

const modelStep = z.strictObject({
  model: text.meta({ description: 'One of models' }),
  inputs: names
    .optional()
    .meta({ description: 'Its names of its inputs and what they are called here; the same when absent' }),
  outputs: names.optional().meta({ description: 'The same of the outputs that are kept; all when absent' }),
})

export const preprocess = z.strictObject({
  module: stepModule.optional().meta({ description: 'Exports before(fields, rows), which adds fields' }),
  tensors: z
    .record(z.string(), z.array(block).min(1))
    .refine((tensors) => Object.keys(tensors).length > 0, {
      error: 'there is no tensor: name the inputs of the models',
    })
    .optional()
    .meta({ description: "By the models' inputs: blocks that stand beside each other" }),
  models: z
    .array(modelStep)
    .min(1)
    .optional()
    .meta({ description: 'Models that make other tensors of these, one after the other' }),
})

export type PreprocessInput = z.output<typeof preprocess>
export type StepInput = z.output<typeof step>
