import * as z from 'zod'
import { arm, replica } from './arm-schema.ts'

/** What `GET /endpoints/{endpoint}` answers, for those who write clients; `view.ts` is what makes it. */

const shareTest = z.strictObject({
  p_value: z.number(),
  decisions: z.number(),
  excess: z.record(z.string(), z.number()),
})

const drift = z.strictObject({
  arm: z.string(),
  side: z.enum(['input', 'output']),
  signal: z.string(),
  reference: z.number(),
  samples: z.number(),
  psi: z.number().optional(),
  p_value: z.number().optional(),
  drifted: z.boolean(),
})

const warning = z.strictObject({
  code: z.string(),
  detail: z.string(),
  window_ms: z.number(),
  best: z.string(),
  better: z.string(),
  flips_at_ms: z.number(),
  arms: z.array(z.strictObject({ name: z.string(), hidden_share: z.number() })),
})

const policy = z
  .looseObject({ name: z.string() })
  .meta({ description: 'With the settings that it was given' })

const reward = z.strictObject({
  from: z.enum(['reward', 'label']),
  output: z.string().optional(),
  window_ms: z.number(),
  default: z.union([z.number(), z.literal('none')]),
  combine: z.enum(['first', 'last', 'sum', 'mean', 'max', 'min']),
  delay: z.enum(['arrival', 'hold', 'corrected']).optional(),
  corrections: z.boolean().optional(),
  retention_ms: z.number().optional(),
  bounds: z
    .tuple([z.number(), z.number()])
    .optional()
    .meta({ description: 'Of what is learned: where there is a penalty, with it taken off' }),
  penalty: z
    .strictObject({ latency_s: z.number(), cost: z.record(z.string(), z.number()), most: z.number() })
    .optional()
    .meta({ description: 'What answers cost, taken off the reward' }),
})

const context = z.strictObject({
  dimension: z.int(),
  features: z.record(z.string(), z.unknown()),
  interactions: z.unknown().optional(),
})

const identification = z.strictObject({
  leader: z.string().optional(),
  statistic: z.number().nullable(),
  threshold: z.number(),
  decided: z.boolean(),
})

const shadow = z
  .strictObject({
    name: z.string(),
    share: z.number(),
    compared: z.number(),
    agreement: z.number().nullable(),
  })
  .meta({ description: 'Its agreement with the answers, in this gateway since its start' })

const scored = z.strictObject({
  model: z.string().optional(),
  arm: z.string().optional(),
  accuracy: z.number(),
  interval: z.tuple([z.number(), z.number()]),
  labels: z.number(),
})

export const endpoint = z.strictObject({
  name: z.string(),
  policy,
  reward,
  ledger: z.enum(['signed', 'stored']),
  deadline_ms: z.number(),
  inputs: z
    .array(z.strictObject({ name: z.string(), datatype: z.string(), shape: z.array(z.int()) }))
    .optional()
    .meta({
      description:
        'What predictions take, fields as tensors of a value a row; -1 stands for a free dimension. Absent until a model is up',
    }),
  preprocess: z
    .strictObject({ models: z.array(z.strictObject({ model: z.string(), replicas: z.array(replica) })) })
    .optional()
    .meta({ description: 'Models that are asked before the arms' }),
  context: context.optional(),
  version: z.number().meta({ description: 'Of what was learned; it grows with every change' }),
  identification: identification.optional(),
  warnings: z.array(warning),
  expected_regret: z.strictObject({ per_decision: z.number(), since_start: z.number().optional() }),
  snapshot_age_ms: z.number().nullable().meta({ description: 'null until the store has been read' }),
  holding: z
    .strictObject({
      rewarded: z.int().meta({ description: 'Rewarded decisions that are decided by' }),
      in_store: z.int().meta({ description: 'Those that the store has instead' }),
    })
    .optional()
    .meta({
      description: 'The store was emptied, and what was learned before stands until it is back or forgotten',
    }),
  sample_ratio: z.strictObject({ draws: shareTest, answers: shareTest }).optional(),
  drift: z.array(drift).optional(),
  arms: z.array(arm),
  shadows: z.array(shadow).optional(),
  models: z.array(scored).optional().meta({
    description: 'Where rewards are of labels: how often each was right, in whatever part it answered',
  }),
})

export const endpointList = z.strictObject({ endpoints: z.array(endpoint) })

const bins = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('number'), edges: z.array(z.number()) }),
  z.strictObject({ kind: z.literal('category'), categories: z.array(z.string()) }),
])
const references = z.record(z.string(), z.strictObject({ bins, counts: z.array(z.int().min(0)) }))

/** By arm: what each signal is compared with. */
export const driftReferences = z.record(
  z.string(),
  z.strictObject({ input: references.optional(), output: references.optional() }),
)
