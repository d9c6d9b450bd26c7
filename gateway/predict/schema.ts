import * as z from 'zod'

/** What `/predict` and `/decide` take and answer, for those who write clients; `request.ts` is what checks it. */

const feature = z.union([z.number(), z.boolean(), z.string().max(256)])

/** Nested as the tensor is, or flat; `too_deep` ends it. */
const tensor = z.unknown().meta({
  description:
    'A list of numbers, texts, true and false; nested as the tensor is, or flat. Whole numbers keep all their digits',
})

const asking = {
  endpoint: z
    .string()
    .min(1)
    .max(64)
    .optional()
    .meta({ description: 'Where the path names none and there are several' }),
  id: z.string().min(1).max(128).optional().meta({
    description: 'Your own id: the same one gets the same answer again, and may be used in feedback',
  }),
  key: z
    .string()
    .min(1)
    .max(256)
    .optional()
    .meta({ description: 'Whom it is for; a sticky endpoint keeps a key with its arm' }),
  context: z
    .record(z.string(), feature)
    .optional()
    .meta({ description: 'What policies and rules may look at' }),
}

export const decideRequest = z.strictObject(asking)

export const predictRequest = z.strictObject({
  inputs: z.record(z.string(), tensor).meta({ description: 'By name, as the endpoint takes them' }),
  ...asking,
  exact: z.boolean().optional().meta({
    description:
      'The same id gets the same bytes while nothing is learned: it waits longer, shares no batch, and no arm stands in for another; it needs an id',
  }),
})

const member = z.strictObject({
  model: z.string(),
  status: z.enum(['answered', 'late', 'failed', 'unavailable', 'spared', 'outrun']),
  weight: z.number().min(0).max(1),
})

const decision = {
  policy: z.string(),
  propensity: z.number().min(0).max(1).meta({ description: 'The probability with which the arm was drawn' }),
  degraded: z.boolean().meta({ description: 'Something was away, and the answer made without it' }),
  rule: z.string().optional().meta({ description: 'Which rule chose the arms' }),
  penalty: z.number().min(0).optional().meta({ description: 'What the answer cost, taken off its reward' }),
  repeated: z.literal(true).optional().meta({ description: 'The answer given to this id before' }),
  recorded: z.literal(false).optional().meta({ description: 'The store was away: feedback may not find it' }),
}

const decided = {
  prediction_id: z.string().meta({ description: 'Goes into feedback' }),
  endpoint: z.string(),
  arm: z.string().meta({ description: 'Which arm was chosen' }),
  version: z.string().optional().meta({ description: 'Of its model, where that is known' }),
}

export const predictAnswer = z.strictObject({
  ...decided,
  outputs: z
    .record(z.string(), tensor)
    .meta({ description: 'By the names that the model gives its outputs' }),
  decision: z.strictObject({
    ...decision,
    members: z.array(member).optional().meta({ description: 'Of an ensemble' }),
  }),
  features: z
    .strictObject({
      missing: z.record(z.string(), z.int()).meta({ description: 'Rows of which a feature was not known' }),
      unavailable: z.record(z.string(), z.enum(['timeout', 'unavailable', 'resting'])),
    })
    .optional()
    .meta({ description: 'What was not known of the request, where the endpoint fetches features' }),
})

export const decideAnswer = z.strictObject({
  ...decided,
  value: z.unknown().optional().meta({ description: 'What the arm stands for, where it is no model' }),
  decision: z.strictObject(decision),
})
