import type { Store } from '../store/store.ts'
import type { KeptRecord } from './journal.ts'
import { createWrittenRecords, type WrittenRecord } from './written-records.ts'

/** The decision records that passed last: those read, for the journal to keep with what was judged by them, and those written. */
export interface RecordMemory {
  /** The same store, whose records are remembered as they pass. */
  readonly store: Store
  find(endpoint: string, key: string): KeptRecord | undefined
  /** What this gateway has written last, which a store that fails over may have lost. */
  written(): readonly WrittenRecord[]
}

/** Far more than there is feedback under way; what predictions read is never asked for. */
const rememberedAtMost = 4096

/**
 * A store that comes back empty has lost the outputs and contexts that feedback is judged by, too. The journal keeps
 * those that its entries needed; remembering them as they pass costs no further call of the store.
 */
export function createRecordMemory(store: Store): RecordMemory {
  const records = new Map<string, KeptRecord>()
  const written = createWrittenRecords()

  function remember(record: KeptRecord): void {
    const name = nameOf(record.endpoint, record.key)
    // Moves to the end.
    records.delete(name)
    records.set(name, record)
    const [oldest] = records.keys()
    if (records.size > rememberedAtMost && oldest !== undefined) records.delete(oldest)
  }

  return {
    store: {
      kind: store.kind,
      ping: () => store.ping(),
      signingSecret: (proposed) => store.signingSecret(proposed),
      shareSecrets: (secrets) => store.shareSecrets(secrets),
      endpoint(settings) {
        const own = store.endpoint(settings)
        const { endpoint } = settings
        return {
          ...own,
          async recordDecision(key, value, ttlMs) {
            const result = await own.recordDecision(key, value, ttlMs)
            if (result.status === 'recorded') written.add({ endpoint, key, value, ttlMs })
            return result
          },
          async readDecision(key) {
            const value = await own.readDecision(key)
            if (value !== undefined) remember({ endpoint, key, value })
            return value
          },
        }
      },
      time: () => store.time(),
      close: () => store.close(),
    },
    find: (endpoint, key) => records.get(nameOf(endpoint, key)),
    written: () => written.all(),
  }
}

function nameOf(endpoint: string, key: string): string {
  return `${endpoint}/${key}`
}
