import type { Context, Decision, Encoding, EndpointStore, Store } from '../../../bandit/index.ts'
import { type Checkpoint, isWithin, type Stamp } from '../../../bandit/store/checkpoint.ts'
import type { EndpointState } from '../../../bandit/store/store.ts'
import { graceMs } from '../../../bandit/rewards/sweep.ts'
import { learningIds as ids, openLearning } from '../../fixtures/learning-gateway.ts'
import {
  bucketMs,
  type History,
  lifeOf,
  type Order,
  type PlannedFeedback,
  slotMs,
  windowMs,
} from './history.ts'

const arms = ['a', 'b'].map((name) => ({ name, minShare: 0 }))

/** Long enough ago that the stores, which go by the real time, let every window end. */
const start = Math.floor(Date.now() / slotMs) * slotMs - 20 * windowMs

/** What an endpoint was left with, and what a gateway shows of it. */
export interface Outcome {
  readonly arms: unknown
  readonly observed: unknown
  readonly marks: readonly string[]
  readonly shown: unknown
}

/** Amid a history the store loses all, and is given back a checkpoint of before. */
export interface Loss {
  /** Steps before which the checkpoint is taken and the store is emptied. */
  readonly savedBefore: number
  readonly emptiedBefore: number
  readonly empty: (endpoint: string) => Promise<void>
}

/** Tells the history in that order to one gateway on each store, about an endpoint of that name. */
export async function play(
  stores: readonly Store[],
  endpoint: string,
  history: History,
  order: Order,
  loss?: Loss,
): Promise<Outcome> {
  let now = start
  const clock = () => now
  const gateways = stores.map((store, index) =>
    openGateway(store, `gateway-${index}`, endpoint, history, clock),
  )
  const first = gateways[0]!
  const features = history.decisions.map(({ context }) => featuresOf(history.rules.encoding, context))
  const decisions = history.decisions.map(({ slot, offsetMs }, index) => {
    now = start + slot * slotMs + offsetMs
    return first.foresee(keyOf(index), features[index])
  })
  async function recordAll(): Promise<void> {
    for (const decision of decisions) {
      if (history.rules.fromLabels) await first.ledger.record(decision, { label: answered }, false, beside)
      else if (decision.features !== undefined)
        await first.ledger.recordFeatures(decision.key, decision.features)
    }
  }
  await recordAll()

  /** What the gateways' journals keep: what the store has, and where. */
  const kept: { readonly heard: Order['heard'][number]; readonly stamp: Stamp }[] = []
  const hear = (some: Order['heard']) =>
    Promise.all(
      some.map(async (one) => {
        const { stamp } = await gateways[one.gateway]!.tell(decisions, history.feedback[one.feedback]!)
        if (stamp !== undefined) kept.push({ heard: one, stamp })
      }),
    )

  let saved: Checkpoint | undefined
  async function emptyAndRestore(empty: Loss['empty']): Promise<void> {
    await empty(endpoint)
    if (saved !== undefined) await first.store.restore(saved)
    await recordAll()
    const lineage = await first.store.descend()
    for (const { heard: one, stamp } of kept.splice(0)) {
      const { gateway, feedback } = one
      const isThere = isWithin(stamp, lineage)
      await gateways[gateway]!.tell(decisions, history.feedback[feedback]!, isThere)
    }
    // Once to see what became of the store, and once to count again what it lacks; windows end later.
    now -= graceMs
    for (const { agent } of gateways) await agent.synchronise()
    for (const { agent } of gateways) await agent.synchronise()
    now += graceMs
  }

  let heard = 0
  for (const [at, step] of lifeOf(history, order).entries()) {
    if (at === loss?.savedBefore) saved = await first.store.dump()
    if (at === loss?.emptiedBefore) await emptyAndRestore(loss.empty)
    await hear(order.heard.slice(heard, (heard += order.gaps[at] ?? 0)))
    if (step.kind === 'decide') {
      const { agent } = gateways[step.gateway]!
      now = decisions[step.decision]!.decidedAt
      agent.answered(agent.decide(keyOf(step.decision), undefined, features[step.decision])!)
    } else if (step.kind === 'flush') {
      now = start + (step.slot + 1) * slotMs
      for (const [index, gateway] of gateways.entries()) await gateway.flush(step.lost[index] === true)
    } else {
      now = start + (step.throughSlot + 1) * slotMs + windowMs + graceMs
      // Once to see what is open and once to end it; all gateways at the same time.
      await Promise.all(gateways.map(({ agent }) => agent.synchronise()))
      await Promise.all(gateways.map(({ agent }) => agent.synchronise()))
    }
  }
  await hear(order.heard.slice(heard))

  const state = await first.store.readState()
  const marks = await Promise.all(decisions.map((decision) => markOf(first.store, decision)))
  return { arms: state?.arms, observed: toSeen(state?.observed), marks, shown: await first.show() }
}

/** What was never observed, and what was taken back, are the same. */
function toSeen(observed: EndpointState['observed'] = new Map()): unknown {
  return Array.from(observed, ([name, epochs]) =>
    Array.from(epochs, ([epoch, sums]) => ({ name, epoch, sums: [...sums] })),
  )
    .flat()
    .filter(({ sums }) => sums.some((sum) => sum !== 0))
    .toSorted((a, b) => a.epoch - b.epoch || (a.name < b.name ? -1 : 1))
}

/** What the arm predicted of four rows, and what two models did beside it. */
const answered = [true, true, true, true]
const beside = { 'model:x': [true, false, false, true], 'model:y': [false, false, true, false] }

/** One truth of four rows for each reward, so that rewards of arm and models go their own ways. */
function truthOf(reward: number): boolean[] {
  const bits = Math.round(reward * 1e6) % 16
  return [1, 2, 4, 8].map((bit) => (bits & bit) > 0)
}

function openGateway(
  store: Store,
  gateway: string,
  endpoint: string,
  { rules }: History,
  clock: () => number,
) {
  let losesAnswer = false
  const forgetful = (inner: EndpointStore): EndpointStore => ({
    ...inner,
    async recordPulls(flush) {
      const stamp = await inner.recordPulls(flush)
      if (losesAnswer) throw new Error('the answer was lost')
      return stamp
    },
  })
  const rewardFrom = rules.fromLabels ? ('label' as const) : ('reward' as const)
  const options = { store, endpoint, clock, arms, windowMs, bucketMs, rewardFrom, ...rules }
  const {
    store: endpointStore,
    agent,
    ledger,
    learner,
  } = openLearning({ ...options, gateway, agentStore: forgetful })
  return {
    store: endpointStore,
    agent,
    ledger,
    /** What is decided under a key, counting nothing. */
    foresee(key: string, of: Float64Array | undefined): Decision {
      const decision = agent.decide(key, undefined, of)!
      agent.abandoned(decision)
      return decision
    },
    tell(decisions: readonly Decision[], { of, event, acceptedMs }: PlannedFeedback, isThere = false) {
      const decision = decisions[of]!
      const about = {
        predictionId: ids.sign(decision),
        acceptedAt: decision.decidedAt + acceptedMs,
        ...(isThere && { restored: true as const }),
      }
      if (event === undefined) return learner.learn({ ...about, eventId: '', void: true })
      const { eventId, atMs, reward } = event
      const said = rules.fromLabels ? { label: truthOf(reward) } : { reward }
      return learner.learn({ ...about, eventId, ...said, at: decision.decidedAt + atMs })
    },
    async flush(lost: boolean): Promise<void> {
      losesAnswer = lost
      if (lost) await agent.synchronise().catch(() => undefined)
      losesAnswer = false
      await agent.synchronise()
    },
    /** The arms as a gateway shows them that starts now. */
    async show() {
      const { agent: newcomer } = openLearning({ ...options, gateway: 'newcomer' })
      await newcomer.synchronise()
      return newcomer.view().arms
    },
  }
}

function featuresOf(encoding: Encoding | undefined, context: Context): Float64Array | undefined {
  const encoded = encoding?.encode(context)
  if (encoded?.status !== 'encoded') return undefined
  return encoded.features
}

const keyOf = (decision: number): string => `decision-num-${String(decision).padStart(3, '0')}`

/** An application that expects what no mark ever is changes nothing and is told the mark that stands. */
async function markOf(store: EndpointStore, { key, arm, decidedAt }: Decision): Promise<string> {
  const nothing = { expectedMark: 'expected by nobody', mark: 'asked', delta: new Float64Array(37) }
  const bucket = Math.floor(decidedAt / bucketMs)
  const result = await store.applyReward({
    key,
    arm,
    bucket,
    epoch: 0,
    decidedAt,
    afterWindow: true,
    ...nothing,
  })
  if (result.status !== 'conflict') throw new Error(`asking for a mark was ${result.status}`)
  return result.mark
}
