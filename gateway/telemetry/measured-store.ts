import { StoreUnavailable, type EndpointStore, type Store } from '../../bandit/index.ts'
import type { StoreMetrics } from './metrics.ts'

/** The same store, with the time and outcome of every call counted. */
export function measured(store: Store, metrics: StoreMetrics): Store {
  const { ping, signingSecret, endpoint } = withMetrics(store, metrics, ['ping', 'signingSecret'])
  return {
    kind: store.kind,
    ping,
    signingSecret,
    endpoint: (settings) =>
      withMetrics(endpoint(settings), metrics, [
        'readState',
        'recordPulls',
        'recordDecision',
        'readDecision',
        'applyReward',
        'closeBucket',
      ] satisfies (keyof EndpointStore)[]),
    close: () => store.close(),
  }
}
