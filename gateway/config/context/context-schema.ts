import * as z from 'zod'
import { amount, isRange, positiveAmount } from '../reading/amounts.ts'

/** What a request may say of itself, as it is written. Which of it goes together is in `check-context.ts`. */

const number = z.strictObject({
  type: z.literal('number').meta({ description: 'A number' }),
  range: z
    .tuple([amount, amount], { error: 'expected the least and the greatest value, such as [0, 100]' })
    .refine(([low, high]) => low < high, { error: 'expected the least value first, and a greater one after' })
    .refine(([low, high]) => low >= high || isRange([low, high]), {
      error: 'they are too close to tell values apart: use a smaller unit',
    })
    .optional()
    .meta({ description: 'Becomes 0 to 1; values outside count as its ends' }),
  mean: amount.optional().meta({ description: 'Becomes 0' }),
  deviation: positiveAmount.optional().meta({ description: 'Three of them from the mean become ±1' }),
  missing: amount.optional().meta({ description: 'Where a request does not say; else it is refused' }),
})

const category = z.strictObject({
  type: z.literal('category').meta({ description: 'One of some texts' }),
  values: z
    .array(z.string())
    .min(1)
    .refine((values) => new Set(values).size === values.length, { error: 'one of them is there twice' })
    .meta({ description: 'The texts, each of which has a slot' }),
  unlisted: z
    .enum(['other', 'refuse'])
    .default('other')
    .meta({ description: 'Whether texts not listed share a slot, or the request is refused' }),
  missing: z.string().optional().meta({ description: 'Where a request does not say; else it is refused' }),
})

const text = z.strictObject({
  type: z.literal('text').meta({ description: 'Any text' }),
  buckets: z.int().min(1).max(127).meta({ description: 'Slots that texts are hashed to' }),
  missing: z.string().optional().meta({ description: 'Where a request does not say; else it is refused' }),
})

const boolean = z.strictObject({
  type: z.literal('boolean').meta({ description: 'True or false' }),
  missing: z.boolean().optional().meta({ description: 'Where a request does not say; else it is refused' }),
})

export const context = z.strictObject({
  features: z
    .record(z.string(), z.discriminatedUnion('type', [number, category, text, boolean]))
    .refine((features) => Object.keys(features).length > 0, {
      error: 'there is no feature: add at least one',
    })
    .meta({ description: 'What requests say of themselves, by name' }),
  interactions: z
    .array(z.tuple([z.string(), z.string()], { error: 'expected the names of two features' }))
    .default([])
    .meta({ description: 'Features that are multiplied with each other' }),
})

export type ContextInput = z.output<typeof context>
