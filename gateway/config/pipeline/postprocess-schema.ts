import * as z from 'zod'
import { stepModule } from './preprocess-schema.ts'

const text = z.string().min(1)
const column = z.int().min(0).optional().meta({ description: 'From 0; of two the second when absent' })
const name = (fallback: string) => text.default(fallback)

const calibrator = z.strictObject({
  platt: z
    .strictObject({
      a: z.number().meta({ description: 'Slope, mostly below 0' }),
      b: z.number().meta({ description: 'Offset' }),
    })
    .optional()
    .meta({ description: '1 ∕ (1 + exp(a·x + b))' }),
  isotonic: z
    .strictObject({
      x: z.array(z.number()).min(1).meta({ description: 'Scores, ascending' }),
      y: z.array(z.number()).min(1).meta({ description: 'Probabilities, one for each score' }),
    })
    .refine(({ x, y }) => x.length === y.length && x.every((each, at) => at === 0 || x[at - 1]! <= each), {
      error: 'expected x in ascending order, and as many y',
    })
    .optional()
    .meta({ description: 'Straight lines between these points' }),
})

const calibrate = calibrator.extend({
  output: text.meta({ description: 'The output with scores' }),
  to: text.optional().meta({ description: 'The same output when absent' }),
  temperature: z.number().positive().optional().meta({ description: 'softmax(logits ∕ temperature)' }),
  classes: z.array(calibrator).min(2).optional().meta({ description: 'One for each class' }),
})

const threshold = z.strictObject({
  output: text.meta({ description: 'The output with scores' }),
  column,
  at: z.number().meta({ description: 'The least score that is 1' }),
  to: name('label').meta({ description: 'The output that holds labels' }),
})

const labels = z.strictObject({
  output: name('label').meta({ description: 'The output with numbers' }),
  to: text.optional().meta({ description: 'The same output when absent' }),
  names: z
    .union([z.array(z.string()).min(1), z.record(z.string(), z.string())], {
      error: 'expected a list of names from 0, or names by what the model says',
    })
    .meta({ description: 'From 0, or by what the model says' }),
})

const topK = z.strictObject({
  output: text.meta({ description: 'The output with scores' }),
  k: z.int().min(1).max(10_000).meta({ description: 'How many' }),
  to: name('best').meta({ description: 'The output that holds them' }),
  names: z
    .array(z.string())
    .min(1)
    .optional()
    .meta({ description: 'Of the columns; their numbers when absent' }),
})

const slate = z.strictObject({
  score: text.meta({ description: 'Output that scores candidates' }),
  column,
  item: text.meta({ description: 'Field that names a candidate' }),
  k: z.int().min(1).max(500).meta({ description: 'Places' }),
  to: name('slate').meta({ description: 'The output that holds it' }),
  freshness: z
    .strictObject({
      age: text.meta({ description: 'Field' }),
      half_life: z.number().positive().meta({ description: 'Age at which a score is half' }),
    })
    .optional()
    .meta({ description: 'Halves the score of a candidate as old as that, in the unit of the field' }),
  diversity: z
    .strictObject({
      by: z.array(text).min(1).meta({ description: 'Fields by which candidates are alike' }),
      lambda: z
        .number()
        .min(0)
        .max(1)
        .default(0.7)
        .meta({ description: '1 looks at scores alone, 0 at being different alone' }),
    })
    .optional()
    .meta({ description: 'Maximal marginal relevance' }),
  cap: z
    .strictObject({
      by: text.meta({ description: 'Field that names the kind' }),
      most: z.int().min(1).meta({ description: 'Of one kind' }),
    })
    .optional()
    .meta({ description: 'At most so many candidates of one kind' }),
  exposure: z
    .strictObject({
      by: text.meta({ description: 'Field that names the group' }),
      least: z
        .record(z.string(), z.number().min(0).max(1))
        .refine((least) => Object.values(least).reduce((sum, share) => sum + share, 0) <= 1 + 1e-9, {
          error: 'the least shares are more than 1 together: lower some',
        })
        .meta({ description: 'By group' }),
    })
    .optional()
    .meta({ description: 'Least share of the first places, however many, for candidates of a group' }),
})

/** Exactly one of them. */
const step = z.strictObject({
  calibrate: calibrate.optional().meta({ description: 'Scores become probabilities' }),
  threshold: threshold.optional().meta({ description: 'A score becomes a label, 0 or 1' }),
  labels: labels.optional().meta({ description: 'Numbers become names' }),
  top_k: topK.optional().meta({ description: 'The greatest scores, and whose they are' }),
  slate: slate.optional().meta({ description: 'A list of candidates, best first' }),
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
