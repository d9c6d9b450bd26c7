import * as z from 'zod'
import { errorCatalogue, type ErrorCode } from '../errors.ts'

/** What `/feedback` takes and answers, for those who write clients; `parse.ts` is what checks it. */

const label = z.union([z.string().max(256), z.number(), z.boolean()])

/** Only one of these at a time may be there, which fields by themselves do not say. */
const alternatives = {
  allOf: [
    { oneOf: [{ required: ['prediction_id'] }, { required: ['endpoint', 'id'] }] },
    { oneOf: [{ required: ['reward'] }, { required: ['label'] }, { required: ['void'] }] },
    { not: { required: ['prediction_id', 'endpoint'] } },
    { not: { required: ['prediction_id', 'id'] } },
  ],
}

export const feedback = z
  .strictObject({
    prediction_id: z.string().optional().meta({ description: 'As /predict answered it' }),
    endpoint: z
      .string()
      .min(1)
      .max(64)
      .optional()
      .meta({ description: 'With id, in place of prediction_id' }),
    id: z.string().min(1).max(128).optional().meta({ description: 'The id that was sent to /predict' }),
    reward: z
      .number()
      .optional()
      .meta({ description: 'Within the bounds of the endpoint, 0 to 1 by default' }),
    label: z
      .union([label, z.array(label).min(1)])
      .optional()
      .meta({ description: 'The truth, one value or one a row; whole numbers beyond 2^53 as text' }),
    void: z.literal(true).optional().meta({ description: 'It was never shown, and counts for nothing' }),
    event_id: z
      .string()
      .min(1)
      .max(128)
      .optional()
      .meta({ description: 'Tells several events of a prediction apart' }),
    at: z.iso
      .datetime({ offset: true })
      .optional()
      .meta({ description: 'When it happened; now when absent' }),
  })
  .meta(alternatives)

export const feedbackBatch = z.array(feedback).min(1)

export const feedbackAnswer = z.strictObject({
  status: z.enum(['applied', 'duplicate', 'corrected', 'void']),
  endpoint: z.string(),
  arm: z.string(),
  reward: z.number().optional().meta({ description: 'What counts for the prediction now' }),
})

export const feedbackLater = z.strictObject({
  status: z.enum(['parked', 'journalled']).meta({
    description: 'parked: its prediction is not known yet; journalled: kept on disk until the store is back',
  }),
})

const refusedLine = z.strictObject({
  line: z.int().min(1),
  status: z.int(),
  code: z.enum(Object.keys(errorCatalogue) as [ErrorCode, ...ErrorCode[]]),
  detail: z.string(),
  pointer: z.string().optional(),
})

export const feedbackReport = z.strictObject({
  counts: z.record(z.string(), z.int().min(1)).meta({ description: 'Lines by what became of them' }),
  refused: z.array(refusedLine).meta({ description: 'Every line that counts for nothing, and why' }),
})
