import { contextualPolicyNames, gradualPolicyNames, policyNames } from '../../../bandit/index.ts'
import type { CrossFault } from '../cross-fault.ts'
import { nearest } from '../reading/nearest.ts'
import type { Path } from '../reading/positions.ts'
import { entriesOf, isRaw, partOf } from '../reading/raw.ts'

/** Settings that only some policies have a use for. */
const owners: Readonly<Record<string, readonly string[]>> = {
  rewards: ['thompson', 'top-two-thompson'],
  deviation: ['thompson', 'lin-thompson'],
  leader: ['top-two-thompson'],
  c: ['kl-ucb'],
  horizon: ['moss'],
  epsilon: ['epsilon-greedy', 'lin-epsilon-greedy'],
  decay_after: ['epsilon-greedy'],
  gamma: ['exp3'],
  alpha: ['lin-ucb'],
  ridge: contextualPolicyNames,
  weights: ['fixed'],
}

const waysToForget = ['half_life', 'sliding_window', 'change_detection']

/** The policy of one endpoint against its arms and its rewards. */
export function* checkPolicy(path: Path, endpoint: unknown): Iterable<CrossFault> {
  const policy = partOf(endpoint, 'policy')
  const at = [...path, 'policy']
  const name = partOf(policy, 'name') ?? 'thompson'
  const arms = entriesOf(endpoint, 'arms').map(([arm]) => arm)
  const known = policyNames.some((each) => each === name)
  for (const [setting, names] of known ? Object.entries(owners) : []) {
    if (partOf(policy, setting) === undefined || names.some((each) => each === name)) continue
    const message = `only ${names.join(' and ')} ${names.length === 1 ? 'has' : 'have'} this: take it out`
    yield { path: [...at, setting], message, atKey: true }
  }
  if (partOf(policy, 'max_step') !== undefined) yield* checkStep(at, name)
  yield* checkForgetting(at, policy)
  yield* checkRewards(at, policy)
  yield* checkDeviation(at, policy, partOf(partOf(endpoint, 'reward'), 'bounds'))
  if (name === 'fixed') yield* checkWeights(at, policy, arms)
  if (name === 'exp3') yield* checkDefault(path, endpoint)
}

/** Shares move by steps where there are any that move by themselves. */
function* checkStep(at: Path, named: unknown): Iterable<CrossFault> {
  const name = policyNames.find((each) => each === named)
  if (name === undefined || gradualPolicyNames.some((each) => each === name)) return
  const mend = `take max_step out, or name ${gradualPolicyNames.join(', ')}`
  yield { path: [...at, 'max_step'], message: `${whyNoSteps(name)}: ${mend}`, atKey: true }
}

function whyNoSteps(name: string): string {
  if (contextualPolicyNames.some((each) => each === name))
    return `${name} has other shares for each context, which no step can be counted from`
  if (name === 'fixed' || name === 'uniform')
    return `shares of ${name} do not move with rewards, and what is said by hand counts at once`
  return `${name} gives all to one arm, decision by decision, and has no shares between`
}

function* checkForgetting(at: Path, policy: unknown): Iterable<CrossFault> {
  const [first, ...more] = waysToForget.filter((way) => partOf(policy, way) !== undefined)
  for (const way of more) {
    yield { path: [...at, way], message: `there is ${first} already: forget in one way`, atKey: true }
  }
  if (first === undefined || partOf(policy, 'stop') === undefined) return
  const message = `the best arm can only be called while all rewards count alike: take ${first} or stop out`
  yield { path: [...at, 'stop'], message, atKey: true }
}

function* checkRewards(at: Path, policy: unknown): Iterable<CrossFault> {
  const gaussian = partOf(policy, 'rewards') === 'gaussian'
  if (gaussian && partOf(policy, 'name') === 'top-two-thompson') {
    const message = 'top-two-thompson takes rewards as fractional or bernoulli: choose one, or name: thompson'
    yield { path: [...at, 'rewards'], message }
  }
  const isThompson = (partOf(policy, 'name') ?? 'thompson') === 'thompson'
  if (!gaussian && isThompson && partOf(policy, 'deviation') !== undefined) {
    const message = 'only gaussian rewards have a deviation: add rewards: gaussian, or take it out'
    yield { path: [...at, 'deviation'], message, atKey: true }
  }
}

/** Of the range of rewards: with a narrower one quadrature has nothing to take hold of. */
const leastDeviation = 1e-9

function* checkDeviation(at: Path, policy: unknown, bounds: unknown): Iterable<CrossFault> {
  const deviation = partOf(policy, 'deviation')
  const [low, high]: readonly unknown[] = Array.isArray(bounds) ? bounds : [0, 1]
  if (typeof deviation !== 'number' || typeof low !== 'number' || typeof high !== 'number') return
  const least = leastDeviation * (high - low)
  if (deviation >= least) return
  const message = `expected at least ${least}, a billionth of the range of rewards, found ${deviation}`
  yield { path: [...at, 'deviation'], message }
}

function* checkWeights(at: Path, policy: unknown, arms: readonly string[]): Iterable<CrossFault> {
  const weights = partOf(policy, 'weights')
  if (!isRaw(weights)) {
    if (weights === undefined) yield { path: at, message: 'fixed gives each arm its weight: add weights' }
    return
  }
  for (const name of Object.keys(weights).filter((each) => !arms.includes(each))) {
    const near = nearest(name, arms)
    const mend = near === undefined ? `there are ${arms.join(', ')}` : `did you mean ${near}?`
    yield { path: [...at, 'weights', name], message: `there is no arm ${name}: ${mend}`, atKey: true }
  }
  const values = Object.values(weights)
  if (values.length > 0 && values.every((weight) => weight === 0)) {
    yield { path: [...at, 'weights'], message: 'every weight is 0: give at least one arm more' }
  }
}

/** EXP3 needs the chance of every decision that earned something, and a default stands for many decisions. */
function* checkDefault(path: Path, endpoint: unknown): Iterable<CrossFault> {
  const reward = partOf(endpoint, 'reward')
  const standard = partOf(reward, 'default')
  const bounds = partOf(reward, 'bounds')
  const least: unknown = Array.isArray(bounds) ? bounds[0] : 0
  const isPenalised = partOf(reward, 'penalty') !== undefined
  if (typeof standard === 'number' && isPenalised) {
    const message =
      'with a penalty silence is worth less than the least reward, which exp3 cannot take: use none'
    yield { path: [...path, 'reward', 'default'], message }
    return
  }
  if (typeof standard !== 'number' || standard === least) return
  const message = `exp3 can only take the least reward or none as default: use ${String(least)} or none`
  yield { path: [...path, 'reward', 'default'], message }
}
