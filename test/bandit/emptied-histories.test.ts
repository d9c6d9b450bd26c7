import { onTestFinished } from 'vitest'
import { createSqliteStore } from '../../bandit/store/sqlite/sqlite.ts'
import { emptiedHistories } from '../contract/emptied/histories.ts'

emptiedHistories(async () => {
  const open = () => createSqliteStore({ path: ':memory:', clock: Date.now })
  let store = open()
  onTestFinished(() => store.close())
  return {
    store: () => store,
    async empty() {
      await store.close()
      store = open()
    },
  }
}, 8)
