import * as z from 'zod'
import { posterior } from '../endpoints/arm-schema.ts'
import { eventLevels } from '../events/event.ts'

/** `ConsoleUpdate` of `shape.ts`, for those who read the data of the console elsewhere. */

const byArm = z.array(z.number()).meta({ description: 'In the order of now.arms' })

const replica = z.strictObject({
  model: z.string(),
  replica: z.int(),
  state: z.enum(['starting', 'up', 'draining', 'down', 'quarantined']),
  restarts: z.int(),
  version: z.string().optional(),
})

const arm = z.strictObject({
  name: z.string(),
  isAvailable: z.boolean(),
  held: z.enum(['paused', 'quarantined', 'rolled_back']).optional(),
  mean: z.number(),
  interval: z.tuple([z.number(), z.number()]),
  posterior: posterior.optional(),
  probabilityBest: z.number(),
  share: z.number(),
  wantedShare: z.number().optional(),
  pending: z.number(),
  pulls: z.int(),
  rewarded: z.int(),
  defaulted: z.int(),
  voided: z.int(),
  writtenOff: z.int(),
  delay: z
    .strictObject({
      p50Ms: z.number().nullable(),
      p90Ms: z.number().nullable(),
      p99Ms: z.number().nullable(),
    })
    .optional(),
  replicas: z.array(replica),
})

const now = z.strictObject({
  snapshotAgeMs: z.number().nullable(),
  holding: z.strictObject({ rewarded: z.int(), inStore: z.int() }).optional(),
  warnings: z.array(z.string()),
  found: z.string().optional(),
  arms: z.array(arm),
})

const point = z.strictObject({
  at: z.number(),
  share: byArm,
  best: byArm,
  mean: byArm,
  pulls: byArm,
  rewarded: byArm,
  expected: z.strictObject({ got: z.number(), best: z.number(), uniform: z.number() }),
})

const decision = z.strictObject({
  at: z.number(),
  arm: z.string(),
  propensity: z.number(),
  policy: z.string(),
  reason: z.enum(['policy', 'failover', 'stale']),
})

const event = z.strictObject({
  at: z.number(),
  id: z.string(),
  kind: z.enum(Object.keys(eventLevels)),
  level: z.enum(['bad', 'warn', 'good', 'info']),
  detail: z.string(),
})

const picture = z.strictObject({
  name: z.string(),
  policy: z.string(),
  reward: z.strictObject({
    from: z.enum(['label', 'reward']),
    low: z.number(),
    high: z.number(),
    windowMs: z.number(),
  }),
  now,
  history: z.array(point),
  decisions: z.array(decision),
  events: z.array(event),
})

export const consoleUpdate = z.strictObject({
  at: z.number().meta({ description: 'Milliseconds since 1970, as are all times' }),
  startedAt: z.number(),
  whole: z.boolean().meta({ description: 'false: the lists go on from the update before' }),
  endpoints: z.array(picture),
})
