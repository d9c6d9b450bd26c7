import type { Store } from '../../bandit/index.ts'
import { runInBackground } from '../background.ts'
import { createClockFollower, type ClockFollowerDeps } from '../clock/follow-clock.ts'

export interface WireClockDeps extends Omit<ClockFollowerDeps, 'store'> {
  readonly store: Pick<Store, 'kind' | 'time'>
  /** Ends what is begun here. */
  readonly begun: AsyncDisposableStack
}

const askEveryMs = 1000

/**
 * Has the clock set by the store's from now on, before anything is dated by it. An embedded store has this machine's:
 * there is nothing to ask, and nothing that could differ.
 */
export async function wireClock({ begun, ...deps }: WireClockDeps): Promise<void> {
  if (deps.store.kind === 'sqlite') return
  const follow = createClockFollower(deps)
  await follow()
  const background = runInBackground(follow, askEveryMs)
  begun.defer(() => background.stop())
}
