const grouped = new Intl.NumberFormat('en', { maximumFractionDigits: 0 })

/** @param {number} value */
export function count(value) {
  return grouped.format(value)
}

/**
 * A share as per cent, with digits where they tell something: near 0 and near 1.
 *
 * @param {number} share
 */
export function percent(share) {
  if (share > 0 && share < 0.001) return '< 0.1 %'
  if (share < 1 && share > 0.999) return '> 99.9 %'
  const digits = share === 0 || share === 1 ? 0 : 1
  return `${(100 * share).toFixed(digits)} %`
}

/**
 * A reward, with three digits that tell.
 *
 * @param {number} value
 */
export function reward(value) {
  if (value === 0) return '0'
  const digits = Math.max(0, 2 - Math.floor(Math.log10(Math.abs(value))))
  return value.toFixed(Math.min(digits, Math.abs(value) < 1 ? Math.max(3, digits) : digits))
}

/** @param {number} perSecond */
export function rate(perSecond) {
  if (perSecond === 0) return '0'
  return perSecond < 10 ? perSecond.toFixed(1) : count(perSecond)
}

/** @param {number} ms */
export function duration(ms) {
  if (ms < 1000) return `${Math.round(ms)} ms`
  const steps = /** @type {const} */ ([
    [60_000, 1000, 's'],
    [3_600_000, 60_000, 'min'],
    [172_800_000, 3_600_000, 'h'],
    [Infinity, 86_400_000, 'd'],
  ])
  const [, unit, name] = steps.find(([below]) => ms < below) ?? steps[3]
  return `${Number((ms / unit).toPrecision(2))} ${name}`
}

const clock = new Intl.DateTimeFormat('en', { timeStyle: 'medium', hourCycle: 'h23' })

/** @param {number} at ms since 1970 */
export function time(at) {
  return clock.format(at)
}
