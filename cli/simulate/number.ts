/** Four digits that count, as people read them; NaN, which nobody knows, is a dash. */
export const figure = (value: number): string => {
  if (Number.isNaN(value)) return '–'
  const size = Math.abs(value)
  if (size >= 1000) return Math.round(value).toLocaleString('en-US')
  return value.toFixed(size >= 100 ? 1 : size >= 1 ? 2 : 3)
}

export const percent = (fraction: number): string =>
  Number.isNaN(fraction) ? '–' : `${(100 * fraction).toFixed(1)} %`
