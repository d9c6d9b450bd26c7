import * as z from 'zod'
import { armStates } from '../controls/arm-state.ts'

const count = z.int().min(0)
const share = z.number().min(0).max(1)
const instant = z.iso.datetime()

const hold = z.strictObject({
  kind: z.enum(['quarantined', 'probation', 'released']),
  since: instant,
  until: instant,
  strikes: z.int(),
  reason: z.string(),
})

const canary = z.strictObject({
  status: z.enum(['advancing', 'completed', 'rolled_back']),
  step: z.int().min(1),
  steps: z.int(),
  since: instant,
  reason: z.string().optional(),
})

export const replica = z.strictObject({
  model: z.string(),
  replica: z.int(),
  state: z.enum(['starting', 'up', 'draining', 'down', 'quarantined']),
  restarts: count,
  version: z.string().optional(),
})

export const posterior = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('beta'), alpha: z.number(), beta: z.number() }),
  z.strictObject({
    kind: z.literal('student-t'),
    location: z.number(),
    scale: z.number(),
    degrees: z.number(),
  }),
])

const prior = z.union([
  z.strictObject({ alpha: z.number(), beta: z.number() }),
  z.strictObject({ inherit: z.string(), weight: z.number(), cap: z.number() }),
])

const configured = {
  name: z.string(),
  state: z.enum(armStates),
  draining: z
    .literal(true)
    .optional()
    .meta({ description: 'It is paused, and some of what it answered still waits for its reward' }),
  resting: z
    .literal(true)
    .optional()
    .meta({ description: 'It fails too often to be asked for now; the log has its last fault' }),
  misfit: z
    .string()
    .optional()
    .meta({ description: 'Why it is unavailable although its model runs: what does not fit the other arms' }),
  model: z.string().optional(),
  version: z.string().optional().meta({ description: 'Of its model, as it answers now' }),
  on_new_version: z
    .union([z.literal('fresh'), z.strictObject({ inherit: share })])
    .optional()
    .meta({ description: 'What becomes of what it has learned with another version' }),
  value: z.unknown().optional().meta({ description: 'What callers are told, where nothing infers' }),
  ensemble: z.array(z.strictObject({ model: z.string(), weight: z.number() })).optional(),
  combine: z.string().optional(),
  weights: z.literal('posterior').optional().meta({ description: 'In place of those of the members' }),
  stack: z.strictObject({ model: z.string(), over: z.string() }).optional(),
  quorum: z.int().optional(),
  deadline_ms: z.number().optional(),
  argmax: z.strictObject({ output: z.string(), over: z.string() }).optional(),
  min_share: share.optional().meta({ description: 'In force now' }),
  max_share: share.optional(),
  hold: hold.optional().meta({ description: 'What guardrails have done to it' }),
  canary: canary.optional(),
  prior: prior.optional(),
}

const learned = {
  mean: z.number().optional().meta({ description: 'Posterior mean of the reward, in its own unit' }),
  interval: z
    .tuple([z.number(), z.number()])
    .optional()
    .meta({ description: '5 % and 95 % quantiles of the mean' }),
  posterior: posterior
    .optional()
    .meta({ description: '0 stands for the least and 1 for the greatest reward' }),
  probability_best: share.optional(),
  share: share.optional().meta({ description: 'Propensity of the next decision, with every arm available' }),
  wanted_share: share
    .optional()
    .meta({ description: 'What the share is on its way to; where the policy has a max_step' }),
  effective_rewards: z.number().optional().meta({ description: 'Rewards, weighted by age' }),
  pending: z.number().optional(),
  pending_by_age: z.array(z.strictObject({ up_to_ms: z.number().nullable(), pulls: z.number() })).optional(),
  delay_ms: z
    .strictObject({ p50: z.number().nullable(), p90: z.number().nullable(), p99: z.number().nullable() })
    .optional(),
  pulls: count.optional(),
  rewarded: count.optional(),
  voided: count.optional(),
  defaulted: count.optional(),
  written_off: count.optional(),
}

/** One arm, as `GET /endpoints/{endpoint}` shows it: what is configured, and what was learned. */
export const arm = z.strictObject({ ...configured, ...learned, replicas: z.array(replica) })
