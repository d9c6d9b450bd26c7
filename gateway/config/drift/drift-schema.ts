import * as z from 'zod'
import { parseSignal } from '../../monitoring/drift/signal.ts'
import { duration } from '../reading/quantities.ts'

const signals = z
  .array(
    z.string().refine((text) => parseSignal(text, 'input') !== undefined, {
      error: 'expected the name of a tensor, or one of its columns, such as pixels[3]',
    }),
  )
  .max(32)
  .refine((names) => new Set(names).size === names.length, { error: 'each signal is named once' })

export const drift = z.strictObject({
  inputs: signals.optional().meta({ description: 'Inputs that are watched, by name or name[column]' }),
  outputs: signals
    .optional()
    .meta({ description: 'Outputs that are watched; of an endpoint with labels, the predicted one' }),
  reference: z
    .union([z.int().min(100).max(10_000), z.string().min(1)], {
      error:
        'expected how many of the first predictions of each arm are compared with, from 100 to 10000, or a file',
    })
    .default(1000)
    .meta({ description: 'What is compared with: the first predictions, or a file of an earlier time' }),
  window: duration('1m', '7d').prefault('1h').meta({ description: 'How much of the past is compared' }),
  threshold: z
    .number()
    .min(0.01)
    .max(10)
    .default(0.2)
    .meta({ description: 'Population stability index from which a signal has drifted' }),
  sample: z
    .number()
    .gt(0, { error: 'expected more than 0: to watch nothing take drift out' })
    .max(1)
    .default(1)
    .meta({ description: 'Share of the predictions that are looked at' }),
})

export type DriftInput = z.output<typeof drift>
