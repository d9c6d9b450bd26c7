import * as z from 'zod'
import { duration } from '../reading/quantities.ts'

const settings = z
  .strictObject({
    off: z.literal(true).optional().meta({ description: 'The same as the word off in place of all this' }),
    every: duration('1s', '1h').prefault('1m').meta({ description: 'Between two of one endpoint' }),
    keep: z.int().min(1).max(1000).default(5).meta({ description: 'The newest of each endpoint that stay' }),
    folder: z
      .string()
      .min(1)
      .optional()
      .meta({ description: 'From the folder of this file; checkpoints beside the journal when absent' }),
  })
  .meta({
    type: ['object', 'string'],
    description: 'What a Redis store has learned, written to disk for the day on which it is emptied; or off',
  })

/** The word alone says it too: one shape for both, since a union would answer a slip with the faults of either. */
export const checkpoint = z.preprocess((value) => (value === 'off' ? { off: true } : value), settings)
