/** The smallest magnitudes that would round to infinity; those of BF16 by way of FP32. */
export const floatLimits = {
  FP16: 65520,
  BF16: 2 ** 128 - 2 ** 119 - 2 ** 103,
  FP32: 2 ** 128 - 2 ** 103,
  FP64: Infinity,
} as const

export const integerRanges = {
  UINT8: [0, 2 ** 8 - 1],
  UINT16: [0, 2 ** 16 - 1],
  UINT32: [0, 2 ** 32 - 1],
  INT8: [-(2 ** 7), 2 ** 7 - 1],
  INT16: [-(2 ** 15), 2 ** 15 - 1],
  INT32: [-(2 ** 31), 2 ** 31 - 1],
} as const

export const longRanges = { UINT64: [0n, 2n ** 64n - 1n], INT64: [-(2n ** 63n), 2n ** 63n - 1n] } as const

/** Beyond 2^53 a JSON number has lost its digits already; strings and bigints have not. */
export function toLong(value: unknown): bigint | undefined {
  if (typeof value === 'bigint') return value
  if (Number.isSafeInteger(value)) return BigInt(value as number)
  return typeof value === 'string' && /^-?\d{1,20}$/.test(value) ? BigInt(value) : undefined
}
