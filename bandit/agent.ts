import type { Agent, AgentDeps } from './agent-deps.ts'
import { toBeliefs, toScores } from './beliefs/beliefs.ts'
import { unitBounds } from './bounds.ts'
import { bucketOf } from './buckets.ts'
import { createChoices } from './decisions/choices.ts'
import { drawArm } from './decisions/distribution.ts'
import { considerDelays, type DelayOutlook } from './delay/outlook.ts'
import { createEditions } from './decisions/editions.ts'
import { placeBucket } from './beliefs/forgetting.ts'
import { createLinearModel } from './linear/linear-model.ts'
import { createRidges } from './linear/ridge.ts'
import { averageFeatures } from './linear/sums.ts'
import { toNet } from './rewards/penalty.ts'
import type { ArmBelief } from './policies/policy.ts'
import { createMarkForgetting } from './rewards/mark-forgetting.ts'
import { identify } from './beliefs/identification.ts'
import type { ArmLimits } from './decisions/propensities.ts'
import { createPullCounter } from './decisions/pull-counter.ts'
import { createPullFlusher } from './decisions/pull-flusher.ts'
import { uniformFromKey } from './random.ts'
import { recentShares } from './decisions/recent-shares.ts'
import { createRewardModel } from './beliefs/reward-model.ts'
import { isOwn, silenceOf } from './rewards/silence.ts'
import type { Sums } from './beliefs/statistics.ts'
import { createLossGuard } from './state-loss.ts'
import { createSteps } from './decisions/steps.ts'
import { drawSticky, stickySeed } from './decisions/sticky.ts'
import type { EndpointState, PullCount } from './store/store.ts'
import { closeOverBuckets, graceMs, pruneFadedEpochs } from './rewards/sweep.ts'
import type { Decision, Snapshot } from './types.ts'
import { toView } from './view.ts'

const emptyState: EndpointState = { version: 0, arms: new Map(), observed: new Map() }

/** @throws RangeError for a `maxStep` with a policy by context */
export function createAgent(deps: AgentDeps): Agent {
  const { endpoint, policy, store, clock, forgetting } = deps
  if (deps.maxStep !== undefined && policy.usesContext === true)
    throw new RangeError(`${policy.name} has other shares for each context: they cannot move by steps`)
  const bounds = deps.bounds ?? unitBounds
  const net = { ...deps, bounds }
  const defaultMicro = deps.defaultMicro === undefined ? undefined : toNet(deps.defaultMicro, net)
  const waiting = {
    ...deps,
    defaultMicro,
    delay: deps.delay ?? 'arrival',
    corrections: deps.corrections ?? false,
  }
  const agesWithTime = forgetting.kind !== 'none' || waiting.delay === 'corrected'
  const names = deps.arms.map((arm) => arm.name)
  const model = createRewardModel(deps)
  const ridgeOf = createRidges(deps.ridge)
  const indexes = new Map(names.map((name, index) => [name, index]))
  const pulls = createPullCounter(deps.gateway, names)
  const flusher = createPullFlusher({ store, pulls, clock })
  const guard = createLossGuard({ store, stateLost: deps.stateLost ?? (() => undefined) })
  const { journal, journalGivenUp } = deps
  const marks = createMarkForgetting({ store, clock, journal, givenUp: journalGivenUp })
  const editions = createEditions(deps.arms)
  const steps = deps.maxStep && createSteps(deps.maxStep)
  let state = emptyState
  let readAt = -Infinity
  let hasLooked = false
  let sweepFrom = -Infinity
  let outlook: DelayOutlook
  let limits: readonly ArmLimits[] = deps.arms
  let snapshot = believe()
  let choices = createChoices(snapshot, policy)
  let scores: ReadonlyMap<string, Sums> = new Map()

  /** Sums as of now; pending stays live, since index policies count pulls made after the snapshot too. */
  function believe(): Snapshot {
    const now = clock()
    const seen = editions.weigh(state)
    const learned = toBeliefs(deps.arms, seen, now, forgetting, deps.dimension)
    outlook = considerDelays(learned, seen, now, waiting)
    const beliefs = Array.from(outlook.beliefs, (belief, index): ArmBelief => ({
      ...belief,
      get pending() {
        return outlook.pending[index]! + pulls.unseen(index)
      },
    }))
    return { takenAt: now, version: state.version, beliefs, limits }
  }

  /** What stands for all contexts where one answer has to do. */
  function usualFeatures(): Float64Array | undefined {
    if (policy.usesContext !== true) return undefined
    return averageFeatures(snapshot.beliefs.flatMap(({ linear }) => linear ?? []))
  }

  function adopt(next: EndpointState): void {
    state = next
    snapshot = believe()
    scores = toScores(deps.arms, editions.whole(state), snapshot.takenAt, forgetting)
    if (!hasLooked && deps.stepsFromPulls === true) beginWhereTrafficWas()
    hasLooked = true
    prepare()
  }

  function beginWhereTrafficWas(): void {
    const wanted = createChoices(snapshot, policy).shares()
    const byName = new Map(names.map((name, at) => [name, wanted[at]!]))
    const times = { bucketMs: deps.bucketMs, now: snapshot.takenAt }
    const shares = recentShares(editions.whole(state), byName, times)
    if (shares !== undefined) steps?.begin(shares)
  }

  function prepare(): void {
    // There is nothing to go from before the store was read: what is drawn from until then was learned from nothing.
    choices = createChoices(snapshot, policy, hasLooked ? steps : undefined)
    // Computed here, off the request path, as are regressions; a masked distribution only when a request meets the mask.
    choices.shares(usualFeatures())
  }

  /** What the pull is worth if nothing is heard of it, where that is its own. */
  function silenceIn(bucket: number, decision: Decision): PullCount['silence'] {
    if (deps.defaultMicro === undefined || !isOwn(deps)) return undefined
    const { epoch, weight } = placeBucket(bucket, deps.bucketMs, forgetting)
    const sums = silenceOf(decision, weight, net)
    return sums && { epoch, sums }
  }

  /** Which version answers, as far as it is known, and where its rewards go. */
  function versioned(arm: number, version: string | undefined): Pick<Decision, 'version' | 'edition'> {
    if (version === undefined) return {}
    const edition = editions.nameOf(arm, version)
    return edition === names[arm] ? { version } : { version, edition }
  }

  return {
    endpoint,
    decide(key, unavailable, features, unit) {
      const choice = choices.without(unavailable)
      if (choice.arms.length === 0) return undefined
      const basis = choices.basisOf(choice, features)
      const { distribution } = basis
      const decidedAt = clock()
      const sticky =
        unit === undefined || deps.stickyMs === undefined
          ? undefined
          : stickySeed(endpoint, unit, deps.stickyMs, decidedAt)
      const at =
        sticky === undefined
          ? drawArm(distribution, uniformFromKey(key))
          : drawSticky(distribution, choice.names, sticky)
      const arm = choice.arms[at]!
      pulls.chosen(arm)
      return {
        key,
        endpoint,
        arm: names[arm]!,
        ...versioned(arm, deps.arms[arm]!.version?.()),
        propensity: distribution[at]!,
        policy: policy.name,
        decidedAt,
        generation: deps.generation,
        degraded: decidedAt - readAt > deps.staleMs,
        ...(features !== undefined && { features }),
        ...(sticky !== undefined && { sticky }),
        basis,
      }
    },
    answeredIn({ edition: _, ...decision }, version) {
      return { ...decision, ...versioned(indexes.get(decision.arm)!, version) }
    },
    answered(decision) {
      const { arm, edition = arm } = decision
      const bucket = bucketOf(decision.decidedAt, deps.bucketMs)
      pulls.answered(indexes.get(arm)!, edition, bucket, silenceIn(bucket, decision))
    },
    abandoned(decision) {
      pulls.abandoned(indexes.get(decision.arm)!)
    },
    async synchronise() {
      await flusher.flush()
      const next = await store.readState(state.version)
      // What was learned stands, and its age tells that it does, until it is known what becomes of an emptied store.
      if (next !== undefined && !(await guard.admits(state, next))) return
      if (next !== undefined && (await flusher.repair(next.born))) sweepFrom = clock() + graceMs
      if (next !== undefined) pulls.seen()
      if (next !== undefined || agesWithTime || editions.changed() || steps !== undefined)
        adopt(next ?? state)
      readAt = clock()
      // Pulls that gateways count again must find their buckets open.
      if (clock() < sweepFrom) return
      sweepFrom = -Infinity
      await closeOverBuckets(state, deps)
      await pruneFadedEpochs(state, deps)
      await marks.turn()
    },
    identification() {
      if (deps.stop === undefined || readAt === -Infinity) return undefined
      return identify(snapshot.beliefs, deps.stop)
    },
    experience() {
      const { arms } = editions.own(state)
      return names.map((name) => arms.get(name)?.totals ?? { pulls: 0, rewarded: 0 })
    },
    compare(arm, other) {
      const features = usualFeatures()
      const pair = [arm, other].map((name) => snapshot.beliefs[indexes.get(name)!]!)
      const judge = features === undefined ? model : createLinearModel(features, ridgeOf)
      const probabilityBelow = judge.probabilityBest(pair)[1]!
      return { probabilityBelow, rewards: Math.min(...pair.map(({ count }) => count)) }
    },
    steer(next) {
      limits = next
      snapshot = { ...snapshot, limits }
      prepare()
    },
    heldBack: () => choices.heldBack(),
    warnings: () => outlook.warnings,
    scores: () => scores,
    view() {
      const features = usualFeatures()
      return toView({
        endpoint,
        policy: policy.name,
        model: features === undefined ? model : createLinearModel(features, ridgeOf),
        bounds,
        stop: deps.stop,
        state: editions.whole(state),
        snapshotAgeMs: clock() - readAt,
        holding: guard.holding(),
        marksOverdueMs: marks.overdueMs(),
        nowMs: clock(),
        times: deps,
        outlook,
        beliefs: snapshot.beliefs,
        scores,
        usesContext: features !== undefined,
        share: choices.shares(features),
        ...(steps && { wanted: choices.wanted(features) }),
      })
    },
  }
}
