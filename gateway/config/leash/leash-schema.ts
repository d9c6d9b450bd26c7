import * as z from 'zod'
import { share } from '../learning/policy-schema.ts'
import { duration } from '../reading/quantities.ts'

/** What keeps arms on a leash, as it is written. Which of it goes together is in `check-leash.ts`. */

const probation = z.strictObject({
  after: duration('1s', '1d').optional().meta({ description: 'Length of the first quarantine; 1m' }),
  for: duration('1s', '1d').optional().meta({ description: 'Length of the probation after it; 1m' }),
  share: share.gt(0).optional().meta({ description: 'Share on probation; 0.02' }),
})

/** An arm says what is other with it than with its endpoint. */
export const guardrails = z.strictObject({
  window: duration('1s', '1h')
    .optional()
    .meta({ description: 'What errors and slowness are measured over; 1m' }),
  min_requests: z.int().min(1).optional().meta({ description: 'Fewer requests count as so many; 20' }),
  error_rate: share.lt(1).optional().meta({ description: 'Share of requests that may fail' }),
  latency_p99: duration('1ms', '10m')
    .optional()
    .meta({ description: 'What 99 % of the answers have to keep to' }),
  baseline: z.string().optional().meta({ description: 'Arm whose mean reward is not to be undercut' }),
  probability: z.number().gt(0.5).lt(1).optional().meta({ description: 'From which on it is; 0.95' }),
  min_rewards: z.int().min(1).optional().meta({ description: 'Of both, before they are compared; 500' }),
  action: z.enum(['quarantine', 'floor']).optional().meta({ description: 'No traffic, or min_share alone' }),
  probation: probation.optional().meta({ description: 'How an arm in quarantine comes back' }),
})

export const warmUp = z.strictObject({
  pulls: z.int().min(0).default(0).meta({ description: 'Pulls before which it gets min_share' }),
  min_share: share.default(0).meta({ description: 'Share that it always gets until then' }),
  rewards: z
    .int()
    .min(0)
    .default(0)
    .meta({ description: 'Rewards before which it gets no more than max_share' }),
  max_share: share.gt(0).default(1).meta({ description: 'Share that it never gets more of until then' }),
})

export const canary = z.strictObject({
  from: share.gt(0).default(0.01).meta({ description: 'Greatest share on the first step' }),
  to: share.gt(0).default(0.5).meta({ description: 'Greatest share on the last one' }),
  over: duration('1s', '30d').prefault('2h').meta({ description: 'How long all steps take' }),
  steps: z
    .int()
    .min(1)
    .max(100)
    .default(8)
    .meta({ description: 'From the first share to the last, each as many times the one before' }),
})

export type GuardrailsInput = z.output<typeof guardrails>
