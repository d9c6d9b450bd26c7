import * as z from 'zod'
import { thresholdNames } from '../../bandit/identification.ts'
import { contextFreePolicyNames } from '../../bandit/index.ts'

/** The file as it is written. A short form stands for its long one: `0.3` for `{ mean: 0.3 }`, and so on. */

const fraction = z.number().min(0).max(1)
const decisions = z.int().min(1).max(100_000_000)

const short = <T extends z.ZodType>(types: readonly string[], expand: (value: unknown) => unknown, long: T) =>
  z.preprocess((value) => (types.includes(typeof value) ? expand(value) : value), long)

const mean = short(
  ['number'],
  (value) => [{ at: 0, mean: value }],
  z
    .array(z.strictObject({ at: z.int().min(0), mean: fraction }))
    .min(1)
    .superRefine((points, check) => {
      for (const [index, { at }] of points.entries()) {
        const before = points[index - 1]?.at ?? -1
        if (at <= before)
          check.addIssue({ code: 'custom', path: [index, 'at'], message: `expected more than ${before}` })
      }
    }),
)

const delay = short(
  ['number'],
  (value) => ({ constant: value }),
  z
    .strictObject({
      constant: z.number().min(0).optional(),
      geometric: z.number().min(0).optional(),
      exponential: z.number().min(0).optional(),
    })
    .refine((law) => Object.keys(law).length === 1, {
      error: 'expected one of constant, geometric and exponential',
    }),
)

const arm = short(
  ['number'],
  (value) => ({ mean: value }),
  z
    .strictObject({
      mean: mean.optional(),
      between: z.enum(['steps', 'lines']).default('steps'),
      sd: z.number().positive().optional(),
      rewards: z.array(fraction).min(1).optional(),
      delay: delay.optional(),
    })
    .refine((given) => (given.mean === undefined) !== (given.rewards === undefined), {
      error: 'expected either mean or rewards',
    })
    .refine((given) => given.sd === undefined || given.mean !== undefined, {
      path: ['sd'],
      error: 'sd goes with mean: take it out',
    }),
)

const policy = short(
  ['string'],
  (value) => ({ name: value }),
  z
    .strictObject({
      name: z.enum(contextFreePolicyNames),
      label: z.string().min(1).optional(),
      sampling: z.enum(['exact', 'posterior']).optional(),
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
      prior: z.strictObject({ alpha: z.number().positive(), beta: z.number().positive() }).optional(),
      rewards: z.enum(['fractional', 'bernoulli', 'gaussian']).optional(),
      leader: z.number().gt(0).max(1).optional(),
      c: z.union([z.literal(0), z.literal(3)], { error: 'expected 0 or 3' }).optional(),
      horizon: decisions.optional(),
      epsilon: fraction.optional(),
      decay_after: decisions.optional(),
      weights: z.record(z.string(), z.number().min(0)).optional(),
    })
    .refine(
      ({ half_life, sliding_window, change_detection }) =>
        [half_life, sliding_window, change_detection].filter((given) => given !== undefined).length <= 1,
      { error: 'expected one of half_life, sliding_window and change_detection at most' },
    )
    .refine(
      ({ name, sampling, rewards }) =>
        sampling !== 'posterior' || (name === 'thompson' && rewards !== 'gaussian'),
      {
        path: ['sampling'],
        error: 'posterior is for thompson with fractional or bernoulli rewards: take it out',
      },
    ),
)

export const scenarioSchema = z
  .strictObject({
    title: z.string().min(1).optional(),
    horizon: decisions.default(10_000),
    runs: z.int().min(1).max(1_000_000).default(100),
    seed: z
      .int()
      .min(0)
      .max(2 ** 31 - 1)
      .default(1),
    batch: decisions.default(1),
    arms: z.record(z.string().min(1), arm).refine((arms) => Object.keys(arms).length > 0, {
      error: 'there is no arm: add at least one',
    }),
    feedback: z
      .strictObject({
        window: decisions.optional(),
        default: fraction.optional(),
        learn: z.enum(['arrival', 'hold', 'corrected']).default('arrival'),
        silent_failures: z.boolean().default(false),
      })
      .refine(({ window, learn }) => learn === 'arrival' || window !== undefined, {
        path: ['learn'],
        error: 'hold and corrected need a window: add one',
      })
      .refine(({ default: value, learn }) => value === undefined || learn !== 'corrected', {
        path: ['default'],
        error: 'corrected judges silence by its age: take the default out',
      })
      .refine((rule) => rule.default === undefined || rule.window !== undefined, {
        path: ['default'],
        error: 'a default counts when the window ends: add a window',
      })
      .prefault({}),
    stop: z
      .strictObject({
        confidence: z.number().gt(0).lt(1).default(0.95),
        threshold: z.enum(thresholdNames).default('usual'),
      })
      .optional(),
    policies: z.array(policy).min(1).prefault(['thompson', 'kl-ucb', 'ucb1', 'uniform']),
  })
  .superRefine(({ policies, feedback }, check) => {
    for (const [index, { half_life, sliding_window, change_detection }] of policies.entries()) {
      if (feedback.learn !== 'corrected' || !(half_life ?? sliding_window ?? change_detection)) continue
      const message = 'nothing is forgotten under learn: corrected: take half_life and the like out'
      check.addIssue({ code: 'custom', path: ['policies', index], message })
    }
    const labels = policies.map(({ name, label }) => label ?? name)
    for (const [index, label] of labels.entries()) {
      if (labels.indexOf(label) === index) continue
      const message = `${label} is there twice: give this one a label`
      check.addIssue({ code: 'custom', path: ['policies', index], message })
    }
  })

export type ScenarioInput = z.output<typeof scenarioSchema>
export type ArmInput = ScenarioInput['arms'][string]
export type PolicyInput = ScenarioInput['policies'][number]
