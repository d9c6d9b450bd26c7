/** Numbers as people read them. NaN, for a value that nobody knows yet, is a dash. */

export const whole = (value: number): string =>
  Number.isNaN(value) ? '–' : Math.round(value).toLocaleString('en-US')

export const percent = (fraction: number, digits = 0): string =>
  Number.isNaN(fraction) ? '–' : `${(100 * fraction).toFixed(digits)} %`

export const mean = (value: number): string => (Number.isNaN(value) ? '–' : value.toFixed(3))

export const milliseconds = (value: number): string => {
  if (Number.isNaN(value)) return '–'
  return value < 10 ? `${value.toFixed(1)} ms` : `${whole(value)} ms`
}

/** Five cells at most for what is shorter than 17 minutes: 0.4 s, 12 s. */
export const seconds = (ms: number): string => {
  if (Number.isNaN(ms)) return '–'
  return `${(ms / 1000).toFixed(ms < 9_950 ? 1 : 0)} s`
}

/** Minutes and seconds: 0:07. */
export const clock = (ms: number): string => {
  const seconds = Math.max(0, Math.round(ms / 1_000))
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`
}

/** `3 retries`, `1 retry`. */
export const plural = (count: number, one: string, many: string): string =>
  `${whole(count)} ${count === 1 ? one : many}`
