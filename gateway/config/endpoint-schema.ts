import * as z from 'zod'
import { arm } from './arms/arm-schema.ts'
import { context } from './context/context-schema.ts'
import { drift } from './drift/drift-schema.ts'
import { features } from './features/features-schema.ts'
import { guardrails } from './leash/leash-schema.ts'
import { policy } from './learning/policy-schema.ts'
import { reward } from './learning/reward-schema.ts'
import { postprocess } from './pipeline/postprocess-schema.ts'
import { preprocess } from './pipeline/preprocess-schema.ts'
import { duration } from './reading/quantities.ts'
import { rule } from './rules/rules-schema.ts'
import { shadow } from './shadows/shadow-schema.ts'

export const endpoint = z.strictObject({
  arms: z.record(z.string(), arm).meta({ description: 'What may answer, by name' }),
  guardrails: guardrails.optional().meta({ description: 'What every arm has to keep to' }),
  policy: policy.prefault({}).meta({ description: 'Who gets the traffic' }),
  reward: reward.prefault({}).meta({ description: 'What is learned from' }),
  context: context.optional().meta({ description: 'What requests say of themselves, to choose by' }),
  features: features.optional().meta({ description: 'What is fetched by keys in the request' }),
  preprocess: preprocess.optional().meta({ description: 'How fields become the inputs of the models' }),
  postprocess: postprocess
    .optional()
    .meta({ description: 'What becomes of outputs before they are answered' }),
  drift: drift.optional().meta({ description: 'What is watched for no longer being what it was' }),
  sticky: z
    .strictObject({ for: duration('1m', '365d').meta({ description: 'Then it is drawn anew' }) })
    .optional()
    .meta({ description: 'How long one key stays with its arm' }),
  rules: z.array(rule).optional().meta({ description: 'What is decided before the policy is asked' }),
  shadow: z.array(shadow).optional().meta({ description: 'What gets copies of requests and never answers' }),
  ledger: z.enum(['signed', 'stored']).optional().meta({
    description:
      'Where a decision is kept until its feedback: in its sealed id alone, or in the store; stored where a label or a context needs it, else signed',
  }),
  queue: z
    .int()
    .min(1)
    .max(65_536)
    .default(128)
    .meta({ description: 'Requests that may wait for its models in all; the next one is overloaded' }),
  deadline: duration('1ms', '10m').prefault('1s').meta({ description: 'Of a prediction, failover included' }),
})

export type EndpointInput = z.output<typeof endpoint>
