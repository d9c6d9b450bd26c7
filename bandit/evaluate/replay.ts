import { toBeliefs } from '../beliefs/beliefs.ts'
import type { Forgetting } from '../beliefs/forgetting.ts'
import type { ArmBelief, Policy } from '../policies/policy.ts'
import { propensitiesOf, toShares, type ShareBounds } from '../decisions/propensities.ts'
import { createSteps, type MaxStep, type Wanted } from '../decisions/steps.ts'
import type { History, LoggedDecision } from './history.ts'
import { closesAt, silentReward } from './outcomes.ts'
import { createReplayedSums, type Learned } from './replayed-sums.ts'

/** What is to be judged: the same policy that would serve, and what it is wrapped in. */
export interface Target {
  readonly name: string
  readonly policy: Policy
  readonly forgetting: Forgetting
  readonly shares: (arm: string) => ShareBounds
  /** How quickly its shares would have moved; absent = at once. Not for a policy by context. */
  readonly maxStep?: MaxStep | undefined
}

/** A gateway reads the state this often, so a reward waits as long before decisions know of it. */
const readEveryMs = 250

/**
 * The distribution that the target would have drawn each decision from, over the arms that could be chosen then,
 * had it known what was known: the rewards of the arms that the log chose, in the order in which they came in. Where
 * rewards are held until their window ends, they are here too; where silence is corrected for by the delay of an arm's
 * rewards, they are learned as they arrive, and silence when its window is over.
 */
export function* replay(
  history: History,
  { policy, forgetting, shares, maxStep }: Target,
): Iterable<Float64Array> {
  // A gateway looks while nobody asks, too, so shares have moved all the time since the last decision.
  const steps = maxStep && createSteps(maxStep, { mostMs: Infinity })
  const sums = createReplayedSums(history, forgetting)
  const arms = history.arms.map(({ belief: { name, prior } }) => ({
    name,
    ...(prior !== undefined && { prior: { kind: 'fixed' as const, prior } }),
  }))
  const pending = new Map(arms.map(({ name }) => [name, 0]))
  const events = knowledgeOf(history)
  let next = 0
  let readAt = -Infinity
  let beliefs = new Map<string, Omit<ArmBelief, 'pending'>>()
  let ready = new Map<string, Float64Array>()

  function read(now: number): void {
    const state = sums.state()
    beliefs = new Map(
      toBeliefs(arms, state, now, forgetting, history.dimension).map((belief) => [belief.name, belief]),
    )
    ready = new Map()
    readAt = now
    steps?.look(now, [...beliefs.keys()], ask)
  }

  function ask(names: readonly string[], features?: Float64Array): Wanted {
    const asked = names.map((arm) => ({ ...beliefs.get(arm)!, pending: pending.get(arm)! }))
    const own = toShares(names.map(shares))
    return { distribution: propensitiesOf(policy, asked, own, features), shares: own, pending: undefined }
  }

  function distributionFor(decision: LoggedDecision): Float64Array {
    if (steps !== undefined) return steps.of(decision.arms).distribution
    const mask = decision.arms.join('/')
    const isOwn = policy.usesPending || policy.usesContext === true
    const known = isOwn ? undefined : ready.get(mask)
    if (known !== undefined) return known
    const answer = ask(decision.arms, decision.features).distribution
    if (!isOwn) ready.set(mask, answer)
    return answer
  }

  let isNews = true
  for (const decision of history.decisions) {
    for (; next < events.length && events[next]!.at < decision.decidedAt; next++) {
      const { settles, learned } = events[next]!
      if (learned !== undefined) sums.learn(learned)
      if (settles !== undefined) pending.set(settles, pending.get(settles)! - 1)
      isNews ||= learned !== undefined
    }
    const mayDiffer = isNews || forgetting.kind !== 'none' || steps !== undefined
    if (mayDiffer && decision.decidedAt >= readAt + readEveryMs) {
      read(decision.decidedAt)
      isNews = false
    }
    yield distributionFor(decision)
    const arm = decision.arms[decision.chosen]!
    pending.set(arm, pending.get(arm)! + 1)
  }
}

interface Knowledge {
  readonly at: number
  readonly learned?: Learned
  /** The arm that has a pull less to wait for. */
  readonly settles?: string
}

/** Rewards when they came in, and the end of the wait for those that did not. */
function knowledgeOf({ decisions, rewards, learning, defaultReward }: History): Knowledge[] {
  const byKey = new Map(decisions.map((decision) => [decision.key, decision]))
  const settled = new Set<string>()
  const events: Knowledge[] = []
  for (const { knownAt, ...reward } of rewards) {
    const decision = byKey.get(reward.key)
    // A clock that is behind must not settle a decision before it was made.
    const at = Math.max(knownAt, reward.decidedAt)
    if (decision !== undefined && !settled.has(reward.key)) events.push({ at, settles: reward.arm })
    settled.add(reward.key)
    const learned = {
      ...reward,
      propensity: decision?.propensities[decision.chosen],
      features: decision?.features,
    }
    events.push({ at: learning.delay === 'hold' ? Math.max(at, closesAt(reward, learning)) : at, learned })
  }
  for (const decision of decisions) {
    if (settled.has(decision.key)) continue
    const { key, decidedAt, features } = decision
    const arm = decision.arms[decision.chosen]!
    const reward = silentReward(decision, defaultReward)
    const learned =
      reward === undefined ? undefined : { key, arm, decidedAt, reward, propensity: undefined, features }
    events.push({ at: closesAt(decision, learning), settles: arm, ...(learned && { learned }) })
  }
  return events.toSorted((a, b) => a.at - b.at)
}
