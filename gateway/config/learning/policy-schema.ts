import * as z from 'zod'
import { policyNames, rewardKinds, thresholdNames } from '../../../bandit/index.ts'
import { amount, isRange, positiveAmount, rewardCount } from '../reading/amounts.ts'
import { duration } from '../reading/quantities.ts'

/** The policy of an endpoint as it is written. Which of it goes together is in `check-policy.ts`. */

export const share = z.number().min(0).max(1)

/** Counts, or where the mean is thought to be and how many rewards that is worth. */
const priorShape = {
  alpha: rewardCount.optional().meta({ description: 'Successes seen beforehand, so to speak' }),
  beta: rewardCount.optional().meta({ description: 'Failures seen beforehand' }),
  mean: amount.optional().meta({ description: 'Mean reward that is thought likely' }),
  mass: rewardCount.optional().meta({ description: 'Rewards that this thought is worth' }),
}

export const armPrior = z.strictObject({
  ...priorShape,
  inherit: z.string().optional().meta({ description: 'Arm whose rewards this one starts from' }),
  weight: share.optional().meta({ description: 'What one of those rewards counts; 1 when absent' }),
  cap: rewardCount.optional().meta({ description: 'Rewards inherited at most; 100 when absent' }),
})

export const onNewVersion = z.union(
  [
    z.literal('fresh'),
    z.strictObject({ inherit: share.meta({ description: 'What a reward of another version counts' }) }),
  ],
  {
    error: 'expected fresh, or { inherit: 0.2 } with what a reward of another version counts, from 0 to 1',
  },
)

const changeDetection = z.strictObject({
  method: z.literal('glr').default('glr').meta({ description: 'Generalised likelihood ratio' }),
  span: duration('1m', '365d').meta({ description: 'How far back rewards count at most' }),
  risk: z.number().gt(0).lt(1).default(0.01).meta({ description: 'Chance of seeing a change that is none' }),
  scope: z.enum(['arm', 'all']).default('arm').meta({ description: 'What starts over after a change' }),
})

const stop = z.strictObject({
  confidence: z.number().gt(0).lt(1).default(0.95).meta({ description: 'That the arm called best is' }),
  threshold: z
    .enum(thresholdNames)
    .default('usual')
    .meta({ description: 'What the evidence must pass: what practice found enough, or what is proven' }),
  act: z.boolean().default(false).meta({ description: 'Give all traffic to the best arm once it is known' }),
})

const maxStep = z.strictObject({
  share: share.gt(0).meta({ description: 'By how much the share of any arm moves at most' }),
  per: duration('1s', '1d').meta({ description: 'In how long' }),
})

export const policy = z.strictObject({
  name: z.enum(policyNames).default('thompson').meta({ description: 'The rule that chooses' }),
  half_life: duration('1s', '365d').optional().meta({ description: 'Age at which a reward counts half' }),
  sliding_window: duration('1m', '365d').optional().meta({ description: 'Age at which it counts no more' }),
  change_detection: changeDetection
    .optional()
    .meta({ description: 'Forget what was before the newest change of an arm' }),
  min_share: share.default(0).meta({ description: 'min_share of each arm that has none of its own' }),
  max_share: share.default(1).meta({ description: 'max_share of each arm that has none of its own' }),
  max_step: maxStep
    .optional()
    .meta({ description: 'How quickly shares move at most when rewards come; at once when absent' }),
  prior: z.strictObject(priorShape).prefault({}).meta({ description: 'Of each arm without one of its own' }),
  stop: stop.optional().meta({ description: 'When to call the best arm found' }),
  rewards: z.enum(rewardKinds).optional().meta({ description: 'How rewards are thought to come about' }),
  deviation: positiveAmount
    .optional()
    .meta({ description: 'Likely deviation of a gaussian or, by context, of any reward' }),
  leader: z.number().gt(0).max(1).optional().meta({ description: 'How often the best arm is played; ½' }),
  c: z
    .literal([0, 3], { error: 'expected 0 or 3' })
    .optional()
    .meta({ description: 'Of c · ln ln N in the bound: 0 does best, 3 is proven' }),
  horizon: amount.min(1).optional().meta({ description: 'Decisions that are expected in all' }),
  epsilon: share.optional().meta({ description: 'Share of the traffic that all arms get alike; 0.1' }),
  decay_after: amount.min(1).optional().meta({ description: 'Decisions after which epsilon decays' }),
  alpha: amount
    .min(0)
    .optional()
    .meta({ description: 'Of lin-ucb: reward that a deviation of doubt is worth; 0.25' }),
  ridge: rewardCount.optional().meta({ description: 'Rewards that hold a regression at 0; 1' }),
  gamma: z.number().gt(0).max(1).optional().meta({ description: 'Share that all arms get alike; 0.1' }),
  weights: z.record(z.string(), amount.min(0)).optional().meta({ description: 'Share of each arm' }),
})

export const bounds = z
  .tuple([amount, amount], { error: 'expected the least and the greatest reward, such as [0, 1]' })
  .refine(([low, high]) => low < high, {
    error: 'expected the least reward first, and a greater one after it',
  })
  .refine(([low, high]) => low >= high || isRange([low, high]), {
    error: 'they are too close to tell rewards apart: send rewards in a smaller unit',
  })

export type PolicyInput = z.output<typeof policy>
export type ArmPriorInput = z.output<typeof armPrior>
export type PriorInput = Pick<ArmPriorInput, keyof typeof priorShape>
