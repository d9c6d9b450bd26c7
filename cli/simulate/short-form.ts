import * as z from 'zod'

export const fraction = z.number().min(0).max(1)
export const decisions = z.int().min(1).max(100_000_000)

/** A value of one of these types stands for what `expand` makes of it. */
export const short = <T extends z.ZodType>(
  types: readonly string[],
  expand: (value: unknown) => unknown,
  long: T,
) => z.preprocess((value) => (types.includes(typeof value) ? expand(value) : value), long)
