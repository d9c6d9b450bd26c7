import * as z from 'zod'
import { combineNames, delayNames } from '../../../bandit/index.ts'
import { amount, positiveAmount } from '../reading/amounts.ts'
import { duration } from '../reading/quantities.ts'
import { bounds } from './policy-schema.ts'

const text = z.string().min(1)

/** What feedback becomes, as it is written. Which of it goes together is in `check-reward.ts` and `check-penalty.ts`. */
const penalty = z.strictObject({
  latency_s: amount.min(0).default(0).meta({ description: 'For each second that the arm took' }),
  cost: z.record(z.string(), amount.min(0)).default({}).meta({ description: 'By arm' }),
  most: positiveAmount.meta({ description: 'The greatest that is taken off' }),
})

export const reward = z.strictObject({
  from: z.enum(['reward', 'label']).default('reward').meta({
    description: 'What feedback says: a number, or the true label, which is compared with what was predicted',
  }),
  output: text.default('label').meta({ description: 'Output that holds the predicted label' }),
  window: duration('1s', '30d')
    .prefault('1h')
    .meta({ description: 'How long after the prediction feedback counts' }),
  default: z
    .union([z.literal('none'), z.number()], { error: 'expected none, or a reward within its bounds' })
    .default('none')
    .meta({
      description:
        'What a prediction without feedback has earned when its window is over; none = nothing is learned of it',
    }),
  combine: z
    .enum(combineNames)
    .default('first')
    .meta({ description: 'Which of several events of one prediction counts, or what they make together' }),
  delay: z.enum(delayNames).default('arrival').meta({ description: 'When a prediction is learned' }),
  corrections: z
    .enum(['on', 'off'])
    .default('off')
    .meta({ description: 'Whether feedback after the window takes the default back' }),
  retention: duration('1m', '90d')
    .optional()
    .meta({ description: 'How long after the window; as long as it, but at least 15m' }),
  stalled_after: z
    .union([z.literal('off'), duration('1m', '30d')], {
      error: 'expected off, or a duration from 1m to 30d, such as 5m',
    })
    .default(300_000)
    .meta({
      description: 'Silence that is told as feedback_stalled, 5m; longer where feedback takes longer',
    }),
  bounds: bounds.optional().meta({ description: 'The least and the greatest reward; [0, 1]' }),
  penalty: penalty.optional().meta({ description: 'What is taken off the reward for what an answer costs' }),
})
