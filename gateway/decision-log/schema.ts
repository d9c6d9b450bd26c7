import * as z from 'zod'

/**
 * The lines of a decision log, one JSON object each. Times are milliseconds since 1970. Fields may be added; a
 * reader passes over those, and over types of line, that it does not know.
 */

const time = z.number().meta({ description: 'Milliseconds since 1970' })
const share = z.number().min(0).max(1)
const key = z
  .string()
  .regex(/^[\w-]{16}$/)
  .meta({ description: 'Names the decision; 12 bytes as base64url' })

const decision = z.object({
  type: z.literal('decision'),
  key,
  endpoint: z.string(),
  generation: z.string().meta({ description: 'Definition of the reward that its feedback counts under' }),
  policy: z.string(),
  arm: z.string().meta({ description: 'The arm that answered' }),
  propensity: share.meta({ description: 'Probability with which it was chosen among arms' }),
  time,
  snapshot: z.string().meta({ description: 'id of the snapshot line that it was drawn from' }),
  arms: z.array(z.string()).meta({ description: 'The arms that could be chosen' }),
  propensities: z.array(share).meta({ description: 'One an arm, summing to 1' }),
  unavailable: z.array(z.string()).optional().meta({ description: 'Arms that could not be chosen' }),
  pending: z
    .array(z.number())
    .optional()
    .meta({ description: 'Pulls without a reward, one number an arm; where the policy looks at them' }),
  held: z
    .object({
      from: z.array(share).meta({ description: 'Propensities before it, one an arm' }),
      most: z.number().min(0).meta({ description: 'By how much that of an arm might move' }),
    })
    .optional()
    .meta({ description: 'The step towards what the policy wants; absent where they are what it wants' }),
  version: z.string().optional().meta({ description: 'Of the model that answered' }),
  failover: z.literal(true).optional().meta({ description: 'Another arm had been chosen first, and failed' }),
  degraded: z.literal(true).optional(),
  sticky: key
    .optional()
    .meta({ description: 'What the arm was drawn with in place of the key, so that a unit stays with it' }),
  rule: z
    .string()
    .optional()
    .meta({ description: 'The rule that left arms out before the policy was asked' }),
  penalty: z.number().min(0).optional().meta({
    description: 'What its answer cost, in the unit of the reward; rewards have it taken off already',
  }),
  context: z.record(z.string(), z.union([z.number(), z.boolean(), z.string()])).optional(),
  members: z
    .array(z.object({ model: z.string(), status: z.string(), weight: share }))
    .optional()
    .meta({ description: 'Of an ensemble: who answered it, and with which weight' }),
})

const label = z.union([z.number(), z.string(), z.boolean()])

const answers = z.object({
  type: z.literal('answers'),
  key,
  endpoint: z.string(),
  time: z.number().meta({ description: 'Of the decision, in milliseconds since 1970' }),
  labels: z.record(z.string(), z.array(label)).meta({
    description:
      'What each predicted, one label a row, by model:<name> or arm:<name of an ensemble>; another line may have more of them',
  }),
})

const wholeDecision = decision.refine(
  ({ arm, arms, propensities }) => arms.includes(arm) && arms.length === propensities.length,
)

const reward = z.object({
  type: z.literal('reward'),
  key,
  endpoint: z.string(),
  arm: z.string(),
  status: z.enum(['applied', 'corrected', 'duplicate', 'void', 'late', 'unknown', 'invalid']),
  reward: z
    .number()
    .optional()
    .meta({ description: 'What counts for the decision from now on; newest line wins' }),
  event_id: z.string().optional(),
  at: time.optional().meta({ description: 'When it happened, as the client says' }),
  decided_at: time,
  accepted_at: time,
})

const snapshot = z.object({
  type: z.literal('snapshot'),
  id: z.string(),
  endpoint: z.string(),
  generation: z.string(),
  time,
  version: z.number(),
  policy: z
    .looseObject({ name: z.string() })
    .meta({ description: 'Its settings, in the words of the program' }),
  learning: z
    .looseObject({ windowMs: z.number(), bucketMs: z.number() })
    .meta({ description: 'How feedback becomes sums, in the words of the program' }),
  default_reward: z.number().optional().meta({ description: 'Of a decision whose window ends without any' }),
  arms: z.array(
    z.object({
      name: z.string(),
      min_share: share,
      max_share: share.optional(),
      belief: z
        .looseObject({ name: z.string(), count: z.number(), sum: z.number(), sumOfSquares: z.number() })
        .meta({ description: 'All that the policy is told of the arm, but for what is pending' }),
    }),
  ),
})

export const logLineSchema = z.discriminatedUnion('type', [wholeDecision, answers, reward, snapshot])

export type DecisionLine = z.infer<typeof decision>
export type AnswersLine = z.infer<typeof answers>
export type RewardLine = z.infer<typeof reward>
export type SnapshotLine = z.infer<typeof snapshot>
export type LogLine = DecisionLine | AnswersLine | RewardLine | SnapshotLine
