import * as z from 'zod'
import { canary, guardrails, warmUp } from '../leash/leash-schema.ts'
import { armPrior, onNewVersion, share } from '../learning/policy-schema.ts'
import { positiveAmount } from '../reading/amounts.ts'
import { duration } from '../reading/quantities.ts'

const text = z.string().min(1)

/** One shape for both kinds of arm: a union would answer a slip in one kind with the faults of both. */
export const arm = z.strictObject({
  model: text.optional().meta({ description: 'The model that answers' }),
  ensemble: z.array(text).min(2).optional().meta({ description: 'The models that answer together' }),
  value: z
    .json()
    .optional()
    .meta({ description: 'What callers get to act on themselves: text, a number, true, false, or JSON' }),
  combine: z
    .enum(['mean', 'weighted', 'median', 'majority', 'stacked', 'first'])
    .optional()
    .meta({ description: 'How members make one answer' }),
  weights: z
    .union([z.literal('posterior'), z.record(z.string(), positiveAmount)], {
      error: 'expected posterior, or members and their weights, each more than 0',
    })
    .optional()
    .meta({ description: 'One for each member, 1 when absent; or posterior: how often it was right' }),
  stack: z
    .strictObject({
      model: text.meta({ description: 'One of models, which no arm needs to be' }),
      over: text.meta({ description: 'Output of the members that it is given' }),
    })
    .optional()
    .meta({ description: 'The model that combines an output of all members, side by side' }),
  quorum: z.int().min(1).optional().meta({ description: 'Members that must answer; all when absent' }),
  deadline: duration('1ms', '10m').optional().meta({ description: 'How long members are waited for' }),
  argmax: z
    .strictObject({
      output: text.meta({ description: 'Output that is added, such as label' }),
      over: text.meta({ description: 'Output whose greatest column it says' }),
    })
    .optional()
    .meta({ description: 'What the members say together, as a label' }),
  min_share: share.optional().meta({ description: 'Share of the traffic that the arm always gets' }),
  max_share: share.optional().meta({ description: 'Share that it never gets more of' }),
  guardrails: guardrails.optional().meta({ description: 'Other than those of the endpoint' }),
  warm_up: warmUp.optional().meta({ description: 'While it is new and others are not' }),
  canary: canary.optional().meta({ description: 'A greatest share that grows while guardrails hold' }),
  prior: armPrior.optional().meta({ description: 'What is believed of it before its first reward' }),
  on_new_version: onNewVersion.optional().meta({
    description: 'What it has learned when its model gets another version; it goes on when absent',
  }),
})

export type ArmInput = z.output<typeof arm>
