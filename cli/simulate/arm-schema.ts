import * as z from 'zod'
import { fraction, short } from './short-form.ts'

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

export const arm = short(
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

/** How often what comes, by feature. */
export const traffic = z.record(
  z.string(),
  z.union([fraction, z.record(z.string(), z.number().positive())], {
    error: 'expected a share from 0 to 1, or texts and how often each comes',
  }),
)

export type ArmInput = z.output<typeof arm>
export type TrafficInput = z.output<typeof traffic>
