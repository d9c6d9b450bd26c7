import * as z from 'zod'

const share = z.number().min(0).max(1).nullable().optional()

/** What a change of an arm may say; `parse-change.ts` is what checks it. */
export const armChange = z
  .strictObject({
    state: z.enum(['active', 'paused']).optional(),
    min_share: share.meta({ description: 'null goes back to the configuration' }),
    max_share: share,
  })
  .meta({ minProperties: 1 })
