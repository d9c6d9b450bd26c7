import type { PullCounter } from './pull-counter.ts'
import { isWithin, type Stamp } from '../store/checkpoint.ts'
import type { EndpointStore, PullFlush } from '../store/store.ts'

export interface PullFlusherDeps {
  readonly store: Pick<EndpointStore, 'recordPulls' | 'descend'>
  readonly pulls: Pick<PullCounter, 'nextFlush' | 'acknowledged' | 'again'>
  /** Milliseconds since 1970. */
  readonly clock: () => number
}

export interface PullFlusher {
  /** Brings what was counted to the store. Rejects if it is away. */
  flush(): Promise<void>
  /**
   * Counts again what was flushed to data that is lost, where that was given back a checkpoint that does not hold it. True
   * when it turns out that there was one: other gateways have something to count again too.
   */
  repair(born: number | undefined): Promise<boolean>
}

interface Sent {
  readonly flush: PullFlush
  readonly stamp: Stamp
  readonly at: number
}

/** As long as journals keep what the store had. */
const keptMs = 600_000

/** Sums of silence may be long: 8 MB of them are remembered, the newest. */
const keptNumbers = 1_000_000

/** Pulls are in no journal; this process remembers those of the last minutes. */
export function createPullFlusher({ store, pulls, clock }: PullFlusherDeps): PullFlusher {
  let sent: Sent[] = []
  let numbers = 0
  /** Data of which it is known what it began with. */
  let settled: number | undefined

  function remember(one: Sent): void {
    sent.push(one)
    numbers += sizeOf(one)
    const isOver = ({ at }: Sent) => at <= one.at - keptMs || numbers > keptNumbers
    while (sent.length > 1 && isOver(sent[0]!)) numbers -= sizeOf(sent.shift()!)
  }

  return {
    async flush() {
      for (let flush = pulls.nextFlush(); flush !== undefined; flush = pulls.nextFlush()) {
        const stamp = await store.recordPulls(flush)
        pulls.acknowledged()
        remember({ flush, stamp, at: clock() })
      }
    },
    async repair(born) {
      if (born === undefined || born === settled) return false
      const lineage = await store.descend()
      const lost = sent.filter(({ stamp }) => stamp.born !== born)
      const isOpen = lineage.origin === 'unsettled' || (lineage.origin === 'bare' && lost.length > 0)
      if (lineage.born !== born || isOpen) return false
      settled = born
      if (lineage.origin !== 'restored') return false
      sent = sent.filter(({ stamp }) => stamp.born === born)
      numbers = sent.reduce((sum, each) => sum + sizeOf(each), 0)
      for (const { flush, stamp } of lost) if (!isWithin(stamp, lineage)) pulls.again(flush)
      return true
    },
  }
}

function sizeOf({ flush }: Sent): number {
  return flush.counts.reduce((sum, { silence }) => sum + (silence?.sums.length ?? 0) + 4, 0)
}
