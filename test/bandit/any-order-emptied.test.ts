import { setTimeout as sleep } from 'node:timers/promises'
import { onTestFinished } from 'vitest'
import type { EndpointStore, Store } from '../../bandit/index.ts'
import { createSqliteStore } from '../../bandit/store/sqlite/sqlite.ts'
import { runEmptiedContract } from '../contract/any-order/emptied.ts'

runEmptiedContract(async () => {
  const open = () => createSqliteStore({ path: ':memory:', clock: Date.now })
  let store = open()
  onTestFinished(() => store.close())
  /** Asks whichever store there is now. */
  const current: Store = {
    ...store,
    endpoint: (settings) =>
      new Proxy({} as EndpointStore, {
        get:
          (_, name: keyof EndpointStore) =>
          (...args: never[]) =>
            (store.endpoint(settings)[name] as (...all: never[]) => Promise<unknown>)(...args),
        ownKeys: () => Reflect.ownKeys(store.endpoint(settings)),
        getOwnPropertyDescriptor: () => ({ enumerable: true, configurable: true }),
      }),
  }
  return {
    stores: [current, current, current],
    async empty() {
      await store.close()
      // Its clock tells milliseconds, and the new data is younger than the checkpoint.
      await sleep(2)
      store = open()
    },
  }
}, 30)
