import * as z from 'zod'
import { share } from '../learning/policy-schema.ts'
import { duration } from '../reading/quantities.ts'

const text = z.string().min(1)

export const shadow = z.strictObject({
  arm: text.meta({ description: 'An arm of the endpoint, or a model that is none' }),
  share: share.default(1).meta({ description: 'Share of the predictions that it gets a copy of' }),
  concurrency: z.int().min(1).max(4096).default(16).meta({
    description: 'Copies that may be under way; more are dropped',
  }),
  deadline: duration('1ms', '10m').optional().meta({ description: "Of a copy; the endpoint's when absent" }),
  compare: text.optional().meta({
    description: 'Output by which it agrees with the answer or not; the label, or else all',
  }),
  tolerance: z.number().min(0).optional().meta({
    description:
      'Greatest difference of numbers that agree; else the greatest of each row has to be the same',
  }),
})
