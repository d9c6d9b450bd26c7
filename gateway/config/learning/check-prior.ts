import type { CrossFault } from '../cross-fault.ts'
import { nearest } from '../reading/nearest.ts'
import type { Path } from '../reading/positions.ts'
import { entriesOf, isRaw, partOf } from '../reading/raw.ts'

/** The priors of an endpoint and of its arms. */
export function* checkPriors(path: Path, endpoint: unknown): Iterable<CrossFault> {
  const reward = partOf(endpoint, 'reward')
  const bounds = partOf(reward, 'bounds')
  const [least, high]: readonly unknown[] = Array.isArray(bounds) ? bounds : [0, 1]
  // What is believed is of rewards as they are learned.
  const most = partOf(partOf(reward, 'penalty'), 'most')
  const low = typeof least === 'number' && typeof most === 'number' ? least - most : least
  const arms = entriesOf(endpoint, 'arms')
  const common = { path: [...path, 'policy', 'prior'], prior: partOf(partOf(endpoint, 'policy'), 'prior') }
  const own = arms.map(([name, arm]) => ({
    path: [...path, 'arms', name, 'prior'],
    prior: partOf(arm, 'prior'),
  }))
  for (const { path: at, prior } of [common, ...own]) {
    if (isRaw(prior)) yield* checkForm(at, prior, low, high)
  }
  const names = arms.map(([name]) => name)
  for (const [index, { path: at, prior }] of own.entries())
    yield* checkInherited(at, prior, names[index]!, names)
}

/** Share of the range: nearer to an end a belief is more of a number than doubles hold. */
const nearestEnd = 1e-6

const counts = ['alpha', 'beta']
const thought = ['mean', 'mass']
const inheritance = ['weight', 'cap']

function* checkForm(path: Path, prior: unknown, low: unknown, high: unknown): Iterable<CrossFault> {
  const has = (key: string) => partOf(prior, key) !== undefined
  const forms = [counts.some(has), thought.some(has), has('inherit')].filter(Boolean).length
  if (forms > 1) yield { path, message: 'give alpha and beta, mean and mass, or inherit: one of the three' }
  if (has('mean') !== has('mass')) {
    yield { path, message: 'a mean needs its mass, the rewards that it is worth, and a mass its mean' }
  }
  for (const key of inheritance.filter((each) => has(each) && !has('inherit'))) {
    yield { path: [...path, key], message: 'only what is inherited has this: add inherit', atKey: true }
  }
  const mean = partOf(prior, 'mean')
  if (typeof mean !== 'number' || typeof low !== 'number' || typeof high !== 'number') return
  const margin = nearestEnd * (high - low)
  if (mean > low && mean < high && Math.min(mean - low, high - mean) < margin) {
    const message = `${mean} is as good as an end of ${low} to ${high}: keep a millionth of the range away from both`
    yield { path: [...path, 'mean'], message }
    return
  }
  if (mean > low && mean < high) return
  yield {
    path: [...path, 'mean'],
    message: `expected a mean between ${low} and ${high}, and neither of them`,
  }
}

function* checkInherited(
  path: Path,
  prior: unknown,
  arm: string,
  names: readonly string[],
): Iterable<CrossFault> {
  const from = partOf(prior, 'inherit')
  if (typeof from !== 'string') return
  if (from === arm) yield { path: [...path, 'inherit'], message: 'an arm cannot inherit from itself' }
  if (names.includes(from)) return
  const near = nearest(from, names)
  const mend = near === undefined ? `there are ${names.join(', ')}` : `did you mean ${near}?`
  yield { path: [...path, 'inherit'], message: `there is no arm ${from}: ${mend}` }
}
