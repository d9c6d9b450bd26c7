import * as z from 'zod'
import { stepModule } from './preprocess-schema.ts'

const text = z.string().min(1)
const column = z.int().min(0).optional().meta({ description: 'From 0; of two the second when absent' })
const name = (fallback: string) => text.default(fallback)

const calibrator = z.strictObject({
  platt: z
    .strictObject({ a: z.number(), b: z.number() })
    .optional()
    .meta({ description: '1 ∕ (1 + exp(a·x + b))' }),
  isotonic: z
    .strictObject({ x: z.array(z.number()).min(1), y: z.array(z.number()).min(1) })
    .refine(({ x, y }) => x.length === y.length && x.every((each, at) => at === 0 || x[at - 1]! <= each), {
      error: 'expected x in ascending order, and as many y',
    })
    .optional()
    .meta({ description: 'Straight lines between these points' }),
})

const calibrate = calibrator.extend({
  output: text,
  to: text.optional().meta({ description: 'The same output when absent' }),
  temperature: z.number().positive().optional().meta({ description: 'softmax(logits ∕ temperature)' }),
  classes: z.array(calibrator).min(2).optional().meta({ description: 'One for each class' }),
})

const threshold = z.strictObject({ output: text, column, at: z.number(), to: name('label') })

const labels = z.strictObject({
  output: name('label'),
  to: text.optional().meta({ description: 'The same output when absent' }),
  names: z.union([z.array(z.string()).min(1), z.record(z.string(), z.string())], {
    error: 'expected a list of names from 0, or names by what the model says',
  }),
})

const topK = z.strictObject({
  output: text,
  k: z.int().min(1).max(10_000),
  to: name('best'),
  names: z.array(z.string()).min(1).optional(),
})

const slate = z.strictObject({
  score: text.meta({ description: 'Output that scores candidates' }),
  column,
  item: text.meta({ description: 'Field that names a candidate' }),
  k: z.int().min(1).max(500),
  to: name('slate'),
  freshness: z
    .strictObject({ age: text.meta({ description: 'Field' }), half_life: z.number().positive() })
    .optional()
    .meta({ description: 'Halves the score of a candidate as old as that, in the unit of the field' }),
  diversity: z
    .strictObject({ by: z.array(text).min(1), lambda: z.number().min(0).max(1).default(0.7) })
    .optional()
    .meta({ description: 'Maximal marginal relevance' }),
  cap: z.strictObject({ by: text, most: z.int().min(1) }).optional(),
  exposure: z
    .strictObject({
      by: text,
      least: z
        .record(z.string(), z.number().min(0).max(1))
        .refine((least) => Object.values(least).reduce((sum, share) => sum + share, 0) <= 1 + 1e-9, {
          error: 'the least shares are more than 1 together: lower some',
        }),
    })
    .optional()
    .meta({ description: 'Least share of the first places, however many, for candidates of a group' }),
})

/** Exactly one of them. */
const step = z.strictObject({
  calibrate: calibrate.optional(),
  threshold: threshold.optional(),
  labels: labels.optional(),
  top_k: topK.optional(),
  slate: slate.optional(),
  module: stepModule
    .extend({ makes: z.array(text).default([]).meta({ description: 'Outputs that it always adds' }) })
    .optional()
    .meta({ description: 'Exports after(outputs, fields), which gives the outputs to answer' }),
  keep: z
    .array(text)
    .min(1)
    .optional()
    .meta({ description: 'The outputs that are answered; others are left out' }),
})

export const postprocess = z.array(step).min(1)

export type PostStepInput = z.output<typeof step>
export type CalibrateInput = z.output<typeof calibrate>
export type CalibratorInput = z.output<typeof calibrator>
