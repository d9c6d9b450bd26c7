import * as z from 'zod'

const units = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const
const byteUnits = { B: 1, KiB: 1024, MiB: 1024 ** 2 } as const

/** `50ms`, `10s`, `5m`, `6h` or `7d`, as milliseconds. Both bounds are allowed. */
export function duration(shortest: string, longest: string): z.ZodType<number, string> {
  const expected = `a duration from ${shortest} to ${longest}, such as 50ms, 10s, 5m, 6h or 7d`
  const bounds = [toMs(shortest), toMs(longest)] as const
  return quantity(/^\d{1,12}(ms|s|m|h|d)$/, expected, toMs, bounds).meta({
    title: `${shortest} to ${longest}`,
  })
}

/** `512B`, `64KiB` or `1MiB`, as bytes. */
export function byteSize(smallest: string, largest: string): z.ZodType<number, string> {
  const expected = `a size from ${smallest} to ${largest}, such as 512B, 64KiB or 1MiB`
  const bounds = [toBytes(smallest), toBytes(largest)] as const
  return quantity(/^\d{1,12}(B|KiB|MiB)$/, expected, toBytes, bounds).meta({
    title: `${smallest} to ${largest}`,
  })
}

const factor = /^\d{1,2}(\.\d{1,3})?x$/
const memoryExpected = 'expected a multiple such as 1.5x, up to 99x, a size such as 800MiB, or off'

/** `off`, `1.5x` what was held at first, or a size. */
export const memoryLimit = z.union(
  [
    z.literal('off'),
    z
      .string()
      .regex(factor)
      .meta({ title: 'a multiple such as 1.5x' })
      .transform((text) => ({ factor: Number.parseFloat(text) }))
      .refine((limit) => limit.factor > 1, { error: memoryExpected }),
    byteSize('16MiB', '1048576MiB').transform((bytes) => ({ bytes })),
  ],
  { error: memoryExpected },
)

function quantity(
  pattern: RegExp,
  expected: string,
  convert: (text: string) => number,
  [least, most]: readonly [number, number],
): z.ZodType<number, string> {
  const error = `expected ${expected}`
  return z
    .string({ error })
    .regex(pattern, { error })
    .transform(convert)
    .refine((value) => value >= least && value <= most, { error })
}

function toMs(text: string): number {
  return scale(text, units)
}

function toBytes(text: string): number {
  return scale(text, byteUnits)
}

function scale(text: string, factors: Readonly<Record<string, number>>): number {
  const [, count, unit] = /^(\d+)([A-Za-z]+)$/.exec(text)!
  return Number(count) * factors[unit!]!
}
