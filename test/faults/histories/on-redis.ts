import { setTimeout as sleep } from 'node:timers/promises'
import { type Feedback, StoreUnavailable } from '../../../bandit/index.ts'
import type { PullFlush } from '../../../bandit/store/store.ts'
import { about, bucketMs, decisionOf } from '../../bandit/journal/shop.ts'
import { startRedis } from '../../support/start-redis.ts'
import { waitUntil } from '../../support/wait-until.ts'
import { createFaultProxy, type FaultProxy } from '../bench/proxy.ts'
import { openTeller, type Teller } from '../bench/teller.ts'
import type { Toxics } from '../bench/toxics.ts'
import type { Choices } from './choices.ts'
import { type Counts, countsOf } from './counts.ts'
import type { Played } from './played.ts'

/** Not `duplicateReplies`: TCP doubles nothing, and to the protocol it would be another command's answer. */
const hurts: readonly Toxics[] = [
  { dropReplies: 1 },
  { dropReplies: 3 },
  { latencyMs: 3 },
  { slicer: { size: 7, delayMs: 0 } },
  { limitData: 300 },
  { resetPeerMs: 4 },
  { down: true },
  { timeoutMs: 15 },
]

/** More arms than that on one server would make every reading of the state slow. */
const historiesAServer = 100
const decisions = 5

/**
 * Histories of feedback through two gateways to a real Redis behind a proxy that loses, delays, slices and cuts what
 * passes. After each, sums and counts in Redis must be those of a map of events, exactly.
 */
export async function playOnRedis(count: number, choices: Choices): Promise<Played> {
  const wrong: string[] = []
  let journalled = 0
  for (let first = 0; first < count; first += historiesAServer) {
    await using begun = new AsyncDisposableStack()
    const server = await startRedis()
    begun.defer(() => server.stop())
    const proxy = await createFaultProxy({ upstreamPort: server.port })
    begun.defer(() => proxy.close())
    const tellers = await Promise.all([1, 2].map(() => openTeller(`redis://127.0.0.1:${proxy.port}`, 10)))
    for (const teller of tellers) begun.defer(() => teller.close())
    for (let number = first; number < Math.min(count, first + historiesAServer); number += 1) {
      const history = createHistory({ number, tellers, proxy, choices })
      const { expected, counted } = await history.run()
      journalled += history.journalled()
      if (JSON.stringify(expected) !== JSON.stringify(counted))
        wrong.push(`${number}: expected ${JSON.stringify(expected)}, found ${JSON.stringify(counted)}`)
    }
  }
  return { wrong, met: { journalled } }
}

interface HistoryDeps {
  readonly number: number
  readonly tellers: readonly Teller[]
  readonly proxy: FaultProxy
  readonly choices: Choices
}

function createHistory({ number, tellers, proxy, choices }: HistoryDeps) {
  const arm = `arm ${number}`
  const decidedAt = Date.now() - 1000
  const bucket = Math.floor(decidedAt / bucketMs)
  /** By decision, the newest reward or that it was never shown. */
  const model = new Map<number, number | 'void'>()
  const gateway = `gateway ${number}`
  const unacknowledged: PullFlush[] = []
  let sequence = 0
  let pulls = 0
  let said = 0
  let journalled = 0

  async function learn(feedback: Feedback): Promise<void> {
    const { status } = await choices.of(tellers).learner.learn(feedback)
    if (status === 'journalled') journalled += 1
  }

  function say(): Promise<unknown> {
    const decision = choices.below(decisions)
    const whole = decisionOf(number * decisions + decision, arm, decidedAt)
    const taken = choices.random() < 0.06
    const reward = choices.of([0, 0.25, 1])
    said += 1
    // What is newest is what happened last, however it came.
    const facts: Partial<Feedback> = taken
      ? { void: true }
      : { reward, at: decidedAt + said, eventId: 'sale' }
    if (model.get(decision) !== 'void') model.set(decision, taken ? 'void' : reward)
    const times = choices.random() < 0.2 ? 3 : 1
    return Promise.all(Array.from({ length: times }, () => learn(about(whole, facts))))
  }

  async function flush(): Promise<void> {
    const next = unacknowledged[0]
    if (next === undefined) return
    try {
      await choices.of(tellers).endpoint.recordPulls(next)
      if (unacknowledged[0] === next) unacknowledged.shift()
    } catch (error) {
      if (!(error instanceof StoreUnavailable)) throw error
    }
  }

  function pull(): Promise<void> {
    const more = 1 + choices.below(3)
    pulls += more
    sequence += 1
    unacknowledged.push({ gateway, sequence, counts: [{ arm, bucket, pulls: more }] })
    return flush()
  }

  async function step(): Promise<unknown> {
    const kind = choices.random()
    if (kind < 0.55) return say()
    if (kind < 0.7) return pull()
    if (kind < 0.85) return proxy.set(choices.of(hurts))
    if (kind < 0.9) return proxy.cut()
    if (kind < 0.95) return proxy.set()
    return sleep(choices.below(10))
  }

  function expected(): Counts {
    const settled = [...model.values()]
    const rewards = settled.filter((reward) => reward !== 'void')
    const voided = settled.length - rewards.length
    const pending = pulls === 0 ? 0 : Math.max(0, pulls - settled.length)
    const sums = [0, 1, 2].map((power) => rewards.reduce((sum, reward) => sum + reward ** power, 0))
    return { pulls, rewarded: rewards.length, voided, pending, writtenOff: 0, sums }
  }

  return {
    journalled: () => journalled,
    async run() {
      const under: Promise<unknown>[] = []
      for (let steps = 10 + choices.below(11); steps > 0; steps -= 1) {
        const done = step()
        under.push(done)
        if (choices.random() < 0.5) await done
      }
      await Promise.all(under)
      proxy.set()
      const what = `everything of history ${number} has arrived`
      await waitUntil(
        async () => {
          await flush()
          return unacknowledged.length === 0 && tellers.every((teller) => teller.isDrained())
        },
        { what, timeoutMs: 20_000, intervalMs: 5 },
      )
      // A connection that was cut last may still be on its way back.
      const read = () => tellers[0]!.endpoint.readState()
      const state = await waitUntil(read, { what: 'the state can be read', timeoutMs: 5000, intervalMs: 5 })
      return { expected: expected(), counted: countsOf(state.arms.get(arm)) }
    },
  }
}
