import * as z from 'zod'
import { contextualPolicyNames, gradualPolicyNames, policyNames } from '../../bandit/index.ts'
import { decisions, fraction, short } from './short-form.ts'

/** A policy that takes part, as it is written. */

export const policy = short(
  ['string'],
  (value) => ({ name: value }),
  z
    .strictObject({
      name: z.enum(policyNames),
      label: z.string().min(1).optional(),
      sampling: z.enum(['exact', 'posterior']).optional(),
      burn_in: z.int().min(0).max(1_000_000).optional(),
      pending: z.enum(['counted', 'ignored', 'failed']).default('counted'),
      half_life: decisions.optional(),
      sliding_window: decisions.optional(),
      change_detection: z
        .strictObject({
          span: decisions,
          risk: z.number().gt(0).lt(1).default(0.001),
          scope: z.enum(['arm', 'all']).default('arm'),
        })
        .optional(),
      max_step: z.strictObject({ share: fraction.gt(0), per: decisions }).optional(),
      prior: z.strictObject({ alpha: z.number().positive(), beta: z.number().positive() }).optional(),
      rewards: z.enum(['fractional', 'bernoulli', 'gaussian']).optional(),
      leader: z.number().gt(0).max(1).optional(),
      c: z.union([z.literal(0), z.literal(3)], { error: 'expected 0 or 3' }).optional(),
      horizon: decisions.optional(),
      epsilon: fraction.optional(),
      decay_after: decisions.optional(),
      alpha: z.number().min(0).optional(),
      deviation: z.number().positive().optional(),
      ridge: z.number().positive().optional(),
      weights: z.record(z.string(), z.number().min(0)).optional(),
    })
    .refine(
      ({ half_life, sliding_window, change_detection }) =>
        [half_life, sliding_window, change_detection].filter((given) => given !== undefined).length <= 1,
      { error: 'expected one of half_life, sliding_window and change_detection at most' },
    )
    .refine(({ name, sampling, rewards }) => sampling !== 'posterior' || drawsFromPosteriors(name, rewards), {
      path: ['sampling'],
      error:
        'posterior is for thompson with fractional or bernoulli rewards and for lin-thompson: take it out',
    })
    .refine(
      ({ name, max_step }) => max_step === undefined || gradualPolicyNames.some((each) => each === name),
      {
        path: ['max_step'],
        error: `only shares of ${gradualPolicyNames.join(', ')} move by steps: take it out`,
      },
    )
    .refine(({ sampling, max_step }) => max_step === undefined || sampling !== 'posterior', {
      path: ['sampling'],
      error: 'shares that move by steps are drawn from as they are: use exact',
    })
    .refine(({ name, pending }) => pending !== 'failed' || !isContextual(name), {
      path: ['pending'],
      error: 'policies by context learn nothing of a pull before its reward: take it out',
    })
    .refine(({ name, alpha }) => alpha === undefined || name === 'lin-ucb', {
      path: ['alpha'],
      error: 'only lin-ucb has this: take it out',
    })
    .refine(({ name, ridge }) => ridge === undefined || isContextual(name), {
      path: ['ridge'],
      error: `only ${contextualPolicyNames.join(', ')} have this: take it out`,
    })
    .refine(
      ({ name, rewards, deviation }) =>
        deviation === undefined || name === 'lin-thompson' || (name === 'thompson' && rewards === 'gaussian'),
      {
        path: ['deviation'],
        error: 'only lin-thompson and thompson with gaussian rewards have this: take it out',
      },
    ),
)

export type PolicyInput = z.output<typeof policy>

export function isContextual(name: string): boolean {
  return contextualPolicyNames.some((each) => each === name)
}

/** Whether one draw of each arm's posterior stands for the exact distribution. */
export function drawsFromPosteriors(name: string, rewards: string | undefined): boolean {
  return name === 'lin-thompson' || (name === 'thompson' && rewards !== 'gaussian')
}
