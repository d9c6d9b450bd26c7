import { setTimeout as sleep } from 'node:timers/promises'
import type { DatabaseSync } from 'node:sqlite'
import type { Feedback } from '../../../bandit/index.ts'
import type { PullFlush } from '../../../bandit/store/store.ts'
import { about, bucketMs, decisionOf, windowMs } from '../../bandit/journal/shop.ts'
import type { Choices } from './choices.ts'
import type { Counts } from './counts.ts'
import type { Crew } from './sqlite-crew.ts'
import type { Command } from './sqlite-writer.ts'

export interface HistoryDeps {
  readonly number: number
  readonly crew: Crew
  /** A connection of somebody else, who may hold the lock. */
  readonly rival: DatabaseSync
  readonly choices: Choices
  readonly met: Record<'lost' | 'full' | 'busy' | 'late', number>
}

const decisions = 5
const hourMs = 3_600_000
/** How far ahead of the true time the clock may be, ms: beyond the end of the window too, and behind. */
const steps = [0, 0, 1_200_000, 2 * hourMs, -2 * hourMs]
/** Of the first history, ms since 1970; each has a bucket of its own, later than the last, as they end in their order. */
const startedAt = 1_790_000_000_000

/** Ends that no longer change: everything else is sent again, until it has one. */
const isSettled = /^(applied|corrected|duplicate|void)$/

/** One history of feedback, and what must have become of it. */
export function createHistory({ number, crew, rival, choices, met }: HistoryDeps) {
  const arm = `arm ${number}`
  const decidedAt = startedAt + number * 2 * bucketMs
  const bucket = Math.floor(decidedAt / bucketMs)
  const gateway = `gateway ${number}`
  /** By decision, the newest reward or that it was never shown. */
  const model = new Map<number, number | 'void'>()
  const unsettled = new Set<Feedback>()
  const flushes: PullFlush[] = []
  let aheadMs = 0
  let said = 0
  let sequence = 0
  let pulls = 0
  /** Pulls that were there when the bucket was closed. */
  let pullsAtEnd: number | undefined
  let closing: Promise<void> | undefined

  /** What becomes of it; sometimes the answer is lost though it was given. */
  async function ask(command: Command, whom = choices.below(2)): Promise<string> {
    const writer = await crew.writer(whom)
    const mayLose = choices.random() < 0.05
    const status = await writer.ask(decidedAt + 1000 + said + aheadMs, command)
    if (status.startsWith('a fault')) throw new Error(status)
    if (status === 'full' || status === 'busy' || status === 'late') met[status] += 1
    if (status !== 'lost' && !mayLose) return status
    met.lost += 1
    return 'lost'
  }

  async function tell(feedback: Feedback): Promise<void> {
    if (isSettled.test(await ask({ does: 'learn', feedback }))) unsettled.delete(feedback)
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
    const feedback = about(whole, facts)
    unsettled.add(feedback)
    const times = choices.random() < 0.2 ? 3 : 1
    return Promise.all(Array.from({ length: times }, () => tell(feedback)))
  }

  async function flushNow(): Promise<void> {
    const next = flushes[0]
    if (next === undefined) return
    const status = await ask({ does: 'flush', flush: next })
    if (status === 'flushed' && flushes[0] === next) flushes.shift()
  }

  async function flush(): Promise<void> {
    await closing
    await flushNow()
  }

  async function pull(): Promise<void> {
    await closing
    const more = 1 + choices.below(3)
    pulls += more
    sequence += 1
    flushes.push({ gateway, sequence, counts: [{ arm, bucket, pulls: more }] })
    return flush()
  }

  /** Somebody else has the file's lock for a while. */
  async function contend(): Promise<void> {
    if (rival.isTransaction) return
    try {
      rival.exec('BEGIN IMMEDIATE')
    } catch {
      // One of the writers has it.
    }
    await sleep(choices.below(10))
    release()
  }

  function release(): void {
    if (rival.isTransaction) rival.exec('ROLLBACK')
  }

  async function killSomebody(): Promise<void> {
    const whom = choices.below(2)
    const writer = await crew.writer(whom)
    const kind = choices.below(4)
    const now = decidedAt
    if (kind === 0) void writer.ask(now, { does: 'die', at: 'before the commit' })
    else if (kind === 1) void writer.ask(now, { does: 'die', at: 'after the commit' })
    else if (kind === 2)
      void writer.ask(now, { does: 'die', at: 'a statement', after: 1 + choices.below(12) })
    else {
      await sleep(choices.below(3))
      writer.kill()
    }
  }

  async function step(): Promise<unknown> {
    const kind = choices.random()
    if (kind < 0.55) return say()
    if (kind < 0.72) return pull()
    if (kind < 0.8) return contend()
    if (kind < 0.86) return ask({ does: choices.random() < 0.5 ? 'fill' : 'free' })
    if (kind < 0.96) return void (aheadMs = choices.of(steps))
    if (kind < 0.97) return closeUnderWay()
    if (kind < 0.974) return killSomebody()
    return sleep(choices.below(3))
  }

  /** Pulls wait for it, so that it is known which it finds. Of rewards that need not be known. */
  function closeUnderWay(): Promise<void> {
    closing ??= (async () => {
      await insist(async () => {
        await flushNow()
        return flushes.length === 0
      })
      pullsAtEnd = pulls
      await close()
    })()
    return closing
  }

  /** By both, so that one of them comes second. */
  async function close(): Promise<void> {
    await insist(async () => {
      aheadMs = 2 * hourMs + windowMs
      const statuses = await Promise.all([0, 1].map((whom) => ask({ does: 'close', bucket }, whom)))
      return statuses.includes('closed')
    })
    aheadMs = 0
  }

  function calm(): void {
    release()
    aheadMs = 0
  }

  async function insist(isDone: () => Promise<boolean>): Promise<void> {
    for (let tries = 0; !(await isDone()); tries += 1) {
      if (tries > 100) throw new Error(`history ${number} does not come to its end`)
      calm()
      await Promise.all([0, 1].map((whom) => ask({ does: 'free' }, whom)))
    }
  }

  return {
    arm,
    async play(): Promise<void> {
      const under: Promise<unknown>[] = []
      for (let left = 10 + choices.below(11); left > 0; left -= 1) {
        const done = step()
        under.push(done)
        if (choices.random() < 0.5) await done
      }
      await Promise.all(under)
      calm()
      await insist(async () => {
        await flush()
        await Promise.all(Array.from(unsettled, tell))
        return flushes.length === 0 && unsettled.size === 0
      })
    },
    /** Ends its window, if it has not ended yet. */
    end: () => closeUnderWay(),
    expected(): Counts {
      const settled = [...model.values()]
      const rewards = settled.filter((reward) => reward !== 'void')
      const open = Math.max(0, (pullsAtEnd ?? pulls) - settled.length)
      const sum = (power: number) => rewards.reduce((total, reward) => total + reward ** power, 0)
      return {
        pulls,
        rewarded: rewards.length,
        voided: settled.length - rewards.length,
        pending: pullsAtEnd === undefined && pulls > 0 ? open : 0,
        writtenOff: pullsAtEnd === undefined ? 0 : open + pulls - pullsAtEnd,
        sums: [sum(0), sum(1), sum(2)],
      }
    },
  }
}
