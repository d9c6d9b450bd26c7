import * as z from 'zod'
import { floatTypes } from './fit.ts'

const text = z.string().min(1)

const input = z.strictObject({
  as: text.optional().meta({ description: "The model's own name of it; the same when absent" }),
  shape: z.array(z.int().min(-1)).min(1).max(8).optional().meta({
    description: 'How requests bring it, as many elements a row; as the model takes it when absent',
  }),
  datatype: z
    .enum(floatTypes)
    .optional()
    .meta({ description: "The floats that requests bring; the model's own when absent" }),
})

const output = z.strictObject({
  as: text.optional().meta({ description: "The model's own name of it" }),
  argmax: text
    .optional()
    .meta({ description: "The model's output whose greatest column it says, row by row" }),
  classes: z
    .union([z.array(text).min(1), z.array(z.int()).min(1)], {
      error: 'expected a list of texts, or of whole numbers',
    })
    .optional()
    .meta({ description: 'With argmax: what each column stands for; its place, from 0, when absent' }),
  softmax: text.optional().meta({ description: "The model's output whose logits become probabilities" }),
})

/** What a model takes and answers, in the words of its endpoints. Which of it goes together is in `check-fit.ts`. */
export const fit = z.strictObject({
  inputs: z
    .record(text, input)
    .default({})
    .meta({ description: 'By what requests call them; others stay as they are' }),
  outputs: z
    .record(text, output)
    .default({})
    .meta({ description: 'By what the endpoint calls them; others stay as they are' }),
})

export type FitConfigInput = z.output<typeof fit>
