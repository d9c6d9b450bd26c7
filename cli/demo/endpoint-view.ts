import { z } from 'zod'

/** The part of `GET /endpoints/{name}` that the demo shows and checks. */
export const endpointViewSchema = z.object({
  policy: z.union([z.string(), z.object({ name: z.string() }).transform(({ name }) => name)]),
  arms: z
    .array(
      z.object({
        name: z.string(),
        state: z.string(),
        mean: z.number(),
        interval: z.tuple([z.number(), z.number()]),
        probability_best: z.number(),
        share: z.number(),
        pending: z.number(),
        rewarded: z.number(),
        delay_ms: z.object({ p50: z.number() }).optional(),
      }),
    )
    .min(1),
  expected_regret: z.object({ per_decision: z.number(), since_start: z.number().optional() }),
})

export type EndpointView = z.infer<typeof endpointViewSchema>
