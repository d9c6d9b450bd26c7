import * as z from 'zod'

export const alive = z.strictObject({ status: z.literal('alive') })

export const ready = z.strictObject({
  status: z.literal('ready'),
  available: z
    .record(z.string(), z.array(z.string()))
    .optional()
    .meta({ description: 'Arms that can answer, by endpoint; not told where there are keys' }),
})
