import { setTimeout as sleep } from 'node:timers/promises'
import { StoreUnavailable } from '../../../bandit/index.ts'
import { about, decisionOf } from '../../bandit/journal/shop.ts'
import { waitUntil } from '../../support/wait-until.ts'
import { openTeller } from './teller.ts'

/** What became of feedback while the store was hurt. */
export interface FeedbackReport {
  readonly acknowledged: number
  readonly journalled: number
  readonly refused: number
  /** Acknowledged and not in the store at the end. */
  readonly lost: number
  /** In the store more often than acknowledged; the same by the sum of the rewards. */
  readonly doubled: number
  /** Of the rewards in the store less that of the acknowledged ones. */
  readonly sumOff: number
  /** The longest time in which no feedback reached the store before its answer. */
  readonly darkMs: number
  readonly told: readonly string[]
}

export interface FeedbackLoad {
  readonly url: string
  /** Does what is to be done to the store; feedback comes before, during and after it. */
  readonly hurt: () => Promise<void>
  /** Before and after. */
  readonly calmMs?: number
}

const senders = 8
const pauseMs = 10
const drainedWithinMs = 30_000

/** Sends rewards of 1 and 0.5, one for each decision, for as long as the store is hurt, and counts what it has then. */
export async function runFeedbackLoad({ url, hurt, calmMs = 1500 }: FeedbackLoad): Promise<FeedbackReport> {
  const teller = await openTeller(url)
  const counts = { acknowledged: 0, journalled: 0, refused: 0, sum: 0 }
  let number = 0
  let appliedAt = performance.now()
  let darkMs = 0
  const over = new AbortController()

  async function send(): Promise<void> {
    while (!over.signal.aborted) {
      number += 1
      const reward = number % 2 === 0 ? 1 : 0.5
      const decision = decisionOf(number, number % 3 === 0 ? 'a' : 'b', Date.now() - 1)
      try {
        const { status } = await teller.learner.learn(about(decision, { reward }))
        counts.acknowledged += 1
        counts.sum += reward
        if (status === 'journalled') counts.journalled += 1
        else {
          darkMs = Math.max(darkMs, performance.now() - appliedAt)
          appliedAt = performance.now()
        }
      } catch (error) {
        if (!(error instanceof StoreUnavailable)) throw error
        counts.refused += 1
      }
      await sleep(pauseMs)
    }
  }

  try {
    const sending = Promise.all(Array.from({ length: senders }, send))
    await sleep(calmMs)
    await hurt()
    await waitUntil(() => teller.isDrained(), { what: 'the journal is drained', timeoutMs: drainedWithinMs })
    await sleep(calmMs)
    over.abort()
    await sending
    await waitUntil(() => teller.isDrained(), { what: 'the journal is drained', timeoutMs: drainedWithinMs })
    const { rewarded, sum } = await teller.counted()
    const { acknowledged, journalled, refused } = counts
    const lost = Math.max(0, acknowledged - rewarded)
    const doubled = Math.max(0, rewarded - acknowledged)
    const told = [...teller.told]
    return { acknowledged, journalled, refused, lost, doubled, sumOff: sum - counts.sum, darkMs, told }
  } finally {
    over.abort()
    await teller.close()
  }
}
