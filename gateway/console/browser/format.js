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
  if (share > 0 && share < 0.001) return '<\u00a00.1\u00a0%'
  if (share < 1 && share > 0.999) return '>\u00a099.9\u00a0%'
  const digits = share === 0 || share === 1 ? 0 : 1
  return `${(100 * share).toFixed(digits)}\u00a0%`
}

/**
 * A reward: three digits that tell, and three after the point for what is common, from 0.01 to 1.
 *
 * @param {number} value
 */
export function reward(value) {
  if (value === 0) return '0'
  const size = Math.abs(value)
  if (size >= 0.01 && size < 1) return value.toFixed(3)
  return value.toFixed(Math.max(0, 2 - Math.floor(Math.log10(size))))
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
