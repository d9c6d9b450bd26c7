import { StoreUnavailable, type EndpointStore, type Store } from '../../bandit/index.ts'
import type { StoreMetrics } from './metrics/store-metrics.ts'

/** Puts something around one call of the store. */
export type AroundStore = <T>(operation: string, call: () => Promise<T>) => Promise<T>

/** The same store, with the time and outcome of every call counted, and every call made through `around`. */
export function measured(store: Store, metrics: StoreMetrics, around?: AroundStore): Store {
  async function count<T>(operation: string, call: () => Promise<T>): Promise<T> {
    const start = performance.now()
    const finish = (outcome: 'ok' | 'unavailable' | 'error') =>
      metrics.finished(operation, outcome, (performance.now() - start) / 1000)
    try {
      const result = await (around === undefined ? call() : around(operation, call))
      finish('ok')
      return result
    } catch (error) {
      finish(error instanceof StoreUnavailable ? 'unavailable' : 'error')
      throw error
    }
  }

  function measuredEndpoint(endpoint: EndpointStore): EndpointStore {
    return {
      readState: (version) => count('read_state', () => endpoint.readState(version)),
      recordPulls: (flush) => count('record_pulls', () => endpoint.recordPulls(flush)),
      recordDecision: (key, value, ttlMs) =>
        count('record_decision', () => endpoint.recordDecision(key, value, ttlMs)),
      readDecision: (key) => count('read_decision', () => endpoint.readDecision(key)),
      applyReward: (application) => count('apply_reward', () => endpoint.applyReward(application)),
      closeBucket: (closing) => count('close_bucket', () => endpoint.closeBucket(closing)),
      dump: () => count('dump', () => endpoint.dump()),
      restore: (checkpoint, over) => count('restore', () => endpoint.restore(checkpoint, over)),
      descend: (say) => count('descend', () => endpoint.descend(say)),
      identity: () => count('identity', () => endpoint.identity()),
      readControls: (revision) => count('read_controls', () => endpoint.readControls(revision)),
      writeControls: (expected, next) =>
        count('write_controls', () => endpoint.writeControls(expected, next)),
      forgetMarks: (journal) => count('forget_marks', () => endpoint.forgetMarks(journal)),
      pruneEpochs: (before) => count('prune_epochs', () => endpoint.pruneEpochs(before)),
    }
  }

  return {
    kind: store.kind,
    ping: () => count('ping', () => store.ping()),
    signingSecret: (proposed) => count('signing_secret', () => store.signingSecret(proposed)),
    shareSecrets: (secrets) => count('share_secrets', () => store.shareSecrets(secrets)),
    endpoint: (settings) => measuredEndpoint(store.endpoint(settings)),
    time: () => count('time', () => store.time()),
    close: () => store.close(),
  }
}
