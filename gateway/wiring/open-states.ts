import { openStore } from '../../bandit/store/open-store.ts'
import type { EndpointStore } from '../../bandit/index.ts'
import { withPassword } from '../config/reading/addresses.ts'
import type { Config } from '../config/config.ts'
import type { Environment } from '../config/reading/environment.ts'
import { readTls } from '../read-tls.ts'
import { learningSettings } from './learning-settings.ts'

/** What the store keeps of each endpoint, for commands that look at it without a gateway. */
export interface States extends AsyncDisposable {
  readonly endpoints: readonly State[]
}

export interface State {
  readonly name: string
  readonly generation: string
  readonly store: EndpointStore
}

/** Rejects with a StoreUnavailable that says what to mend. */
export async function openStates(config: Config, environment: Environment): Promise<States> {
  const { sentinelPassword } = environment
  const url = withPassword(config.store, environment.redisPassword)
  const store = openStore(url, {
    clock: Date.now,
    sentinelPassword,
    tls: readTls('store_tls', config.storeTls),
  })
  await using begun = new AsyncDisposableStack()
  begun.defer(() => store.close())
  await store.ping()
  const endpoints = config.endpoints.map((endpoint) => {
    const { state } = learningSettings(endpoint)
    return { name: endpoint.name, generation: state.generation, store: store.endpoint(state) }
  })
  const end = begun.move()
  return { endpoints, [Symbol.asyncDispose]: () => end.disposeAsync() }
}
