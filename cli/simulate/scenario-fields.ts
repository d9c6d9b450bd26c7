import * as z from 'zod'
import { thresholdNames } from '../../bandit/beliefs/identification.ts'
import { context } from '../../gateway/config/context/context-schema.ts'
import { arm, traffic } from './arm-schema.ts'
import { policy } from './policy-schema.ts'
import { decisions, fraction } from './short-form.ts'

/** The file as it is written. A short form stands for its long one: `0.3` for `{ mean: 0.3 }`, and so on. */

export const scenarioFields = z.strictObject({
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
  traffic: traffic.default({}),
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

export type ScenarioInput = z.output<typeof scenarioFields>
