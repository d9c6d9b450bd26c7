import * as z from 'zod'
import { thresholdNames } from '../../bandit/identification.ts'
import { context } from '../../gateway/config/context-schema.ts'
import { checkContext } from './check-context.ts'
import { policy } from './policy-schema.ts'
import { decisions, fraction, short } from './short-form.ts'

/** The file as it is written. A short form stands for its long one: `0.3` for `{ mean: 0.3 }`, and so on. */

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
      by: z
        .record(
          z.string(),
          z.union([z.number(), z.record(z.string(), z.number())], {
            error: 'expected what is added to the mean: a number, or texts and a number each',
          }),
        )
        .optional(),
      delay: delay.optional(),
    })
    .refine((given) => (given.mean === undefined) !== (given.rewards === undefined), {
      error: 'expected either mean or rewards',
    })
    .refine((given) => given.sd === undefined || given.mean !== undefined, {
      path: ['sd'],
      error: 'sd goes with mean: take it out',
    })
    .refine((given) => given.by === undefined || given.mean !== undefined, {
      path: ['by'],
      error: 'by goes with mean: take it out',
    }),
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
    context: context.optional(),
    traffic: z
      .record(
        z.string(),
        z.union([fraction, z.record(z.string(), z.number().positive())], {
          error: 'expected a share from 0 to 1, or texts and how often each comes',
        }),
      )
      .default({}),
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
    policies: z.array(policy).min(1).optional(),
  })
  .superRefine((scenario, check) => {
    const { policies = [], feedback } = scenario
    for (const { path, message } of checkContext(scenario)) {
      check.addIssue({ code: 'custom', path: [...path], message })
    }
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
