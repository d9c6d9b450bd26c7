import { StoreUnavailable, type Store } from '../../bandit/index.ts'
import type { Events } from '../events/events.ts'
import type { StoreMetrics } from '../telemetry/metrics/store-metrics.ts'
import type { ClockOffset, StoreClock } from './store-clock.ts'

export interface ClockFollowerDeps {
  readonly store: Pick<Store, 'time'>
  readonly clock: Pick<StoreClock, 'told' | 'offset'>
  readonly metrics: Pick<StoreMetrics, 'clockAhead'>
  readonly events: Pick<Events, 'emit'>
  /** Milliseconds of a clock that never steps. */
  readonly monotonic: () => number
}

/** Beyond the first this machine's clock is wrong, or the store's is; below the second it is right again. */
const wrongMs = 1000
const rightMs = 500

/**
 * One turn of following the store's clock: asks for its time, and tells once that this machine's is another one and once
 * that it is not any more. Rejects with no StoreUnavailable: a store that is away is followed by what it said last.
 */
export function createClockFollower(deps: ClockFollowerDeps): () => Promise<void> {
  const { store, clock, metrics, events, monotonic } = deps
  let isWrong = false

  async function ask(): Promise<void> {
    const sentAt = monotonic()
    try {
      clock.told(await store.time(), sentAt, monotonic())
    } catch (error) {
      if (!(error instanceof StoreUnavailable)) throw error
    }
  }

  function tell({ aheadMs, withinMs }: ClockOffset): void {
    const seconds = Math.round(aheadMs) / 1000
    metrics.clockAhead(seconds)
    const apartMs = Math.abs(aheadMs)
    const facts = { ahead_s: seconds }
    if (!isWrong && apartMs - withinMs > wrongMs) {
      isWrong = true
      const detail = `this machine's clock is ${Math.abs(seconds)} s ${seconds > 0 ? 'ahead of' : 'behind'} the store's: predictions and feedback are dated by the store's, log lines and tokens by this one, so set right whichever is wrong`
      events.emit({ kind: 'clock_wrong', detail, facts })
    } else if (isWrong && apartMs < rightMs) {
      isWrong = false
      events.emit({ kind: 'clock_right', detail: "this machine's clock and the store's agree again", facts })
    }
  }

  return async function follow() {
    await ask()
    const offset = clock.offset()
    if (offset !== undefined) tell(offset)
  }
}
