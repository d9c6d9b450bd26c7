/**
 * `node test/proof/poisoned-keys.ts --runs 300`: what a poisoner with one id in a hundred moves where arms are 3 points
 * apart, with and without a rule that leaves out what a key says as soon as it contradicts the others. Thompson sampling,
 * 20,000 decisions, feedback every 50; ten honest keys. Prints a table; nothing here serves.
 */
import { parseArgs } from 'node:util'
import { bernoulliKl } from '../../bandit/beliefs/kl.ts'
import { sampleBeta } from '../bandit/support/beta-sampler.ts'
import { uniformSource } from '../bandit/support/random-source.ts'

const { values } = parseArgs({ options: { runs: { type: 'string', default: '300' } } })
const runs = Number(values.runs)

const means = [0.5, 0.47] as const
const decisions = 20_000
const batch = 50
const stolen = 0.01
const honestKeys = 10
/** Of twice the log likelihood ratio between one mean for all keys and another one for this key: four deviations. */
const threshold = 16

/**
 * crude: always 1 for the worse arm and 0 for the better one. careful: the same as far as the rule lets it, knowing the true
 * means.
 */
type Poisoner = 'none' | 'crude' | 'careful'

interface World {
  readonly hasRule: boolean
  /** Deviation of the means of honest keys among themselves. */
  readonly spread: number
  /** Whether stolen ids are reported under a key of the poisoner's own, or under those of the honest. */
  readonly hasOwnKey: boolean
}

interface Told {
  count: number
  sum: number
}

const nothing = (): [Told, Told] => [
  { count: 0, sum: 0 },
  { count: 0, sum: 0 },
]
const meanOf = ({ count, sum }: Told): number => (count > 0 ? sum / count : 0.5)
const total = (all: readonly Told[]): Told =>
  all.reduce((a, b) => ({ count: a.count + b.count, sum: a.sum + b.sum }), { count: 0, sum: 0 })

/** Whether what one key says of an arm contradicts what all others say of it. */
function contradicts(own: Told, all: Told): boolean {
  const others = { count: all.count - own.count, sum: all.sum - own.sum }
  if (own.count < 5 || others.count < 20) return false
  const pooled = (all.sum + 1) / (all.count + 2)
  const far = (told: Told): number => 2 * told.count * bernoulliKl(meanOf(told), pooled)
  return far(own) + far(others) > threshold
}

function play(seed: number, poisoner: Poisoner, { hasRule, spread, hasOwnKey }: World) {
  const uniform = uniformSource(seed)
  const normal = () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform())
  const drawn = Array.from({ length: honestKeys }, () => spread * normal())
  const middle = drawn.reduce((sum, each) => sum + each, 0) / honestKeys
  const keys = Array.from({ length: honestKeys + 1 }, nothing)
  const isOut = keys.map(() => false)
  let known = nothing()
  let better = 0
  let lost = 0

  function look(): void {
    const all = ([0, 1] as const).map((arm) => total(keys.map((key) => key[arm])))
    for (const [at, key] of keys.entries())
      isOut[at] = hasRule && ([0, 1] as const).some((arm) => contradicts(key[arm], all[arm]!))
    const heard = keys.filter((_, at) => !isOut[at])
    known = [total(heard.map(([first]) => first)), total(heard.map(([, second]) => second))]
  }

  function says(arm: 0 | 1, own: Told, honest: number): number {
    if (poisoner === 'none') return honest
    const wish = arm
    if (poisoner === 'crude' || !hasRule || !hasOwnKey) return wish
    const next = { count: own.count + 1, sum: own.sum + wish }
    const isSeen = 2 * next.count * bernoulliKl(meanOf(next), means[arm]) > 0.9 * threshold
    return isSeen ? 1 - wish : wish
  }

  for (let decision = 0; decision < decisions; decision++) {
    if (decision % batch === 0) look()
    const [a, b] = known.map(({ count, sum }) =>
      sampleBeta({ alpha: 1 + sum, beta: 1 + count - sum }, uniform),
    ) as [number, number]
    const arm = a >= b ? 0 : 1
    if (arm === 0) better++
    const honestKey = Math.floor(uniform() * honestKeys)
    const reward = uniform() < means[arm] + drawn[honestKey]! - middle ? 1 : 0
    const isStolen = uniform() < stolen && poisoner !== 'none'
    const key = isStolen && hasOwnKey ? honestKeys : honestKey
    const told = keys[key]![arm]
    told.sum += isStolen ? says(arm, told, reward) : reward
    told.count++
    if (!isStolen && isOut[key]) lost++
  }
  return { share: (100 * better) / decisions, lost: (100 * lost) / decisions }
}

function average(poisoner: Poisoner, world: World) {
  const played = Array.from({ length: runs }, (_, run) => play(1000 + run * 7919, poisoner, world))
  const mean = (of: (one: (typeof played)[number]) => number) =>
    played.reduce((sum, one) => sum + of(one), 0) / runs
  const share = mean((one) => one.share)
  const error = Math.sqrt(mean((one) => (one.share - share) ** 2) / runs)
  return { share, error, lost: mean((one) => one.lost) }
}

const worlds: readonly (readonly [string, World])[] = [
  ['no rule', { hasRule: false, spread: 0, hasOwnKey: true }],
  ['rule, honest keys alike', { hasRule: true, spread: 0, hasOwnKey: true }],
  ['rule, their means differ by 0.02', { hasRule: true, spread: 0.02, hasOwnKey: true }],
  ['rule, their means differ by 0.05', { hasRule: true, spread: 0.05, hasOwnKey: true }],
  ['rule, ids under honest keys', { hasRule: true, spread: 0, hasOwnKey: false }],
]

console.log('| | share of the better arm | honest rewards left out | crude moves | careful moves |')
console.log('|---|---:|---:|---:|---:|')
for (const [name, world] of worlds) {
  const honest = average('none', world)
  const moved = (['crude', 'careful'] as const).map(
    (poisoner) => honest.share - average(poisoner, world).share,
  )
  const cells = [
    `${honest.share.toFixed(1)} ± ${honest.error.toFixed(1)} %`,
    `${honest.lost.toFixed(1)} %`,
    ...moved.map((points) => points.toFixed(1)),
  ]
  console.log(`| ${name} | ${cells.join(' | ')} |`)
}
