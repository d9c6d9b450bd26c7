import {
  createAcceptingClock,
  createAvailability,
  createJournalledLearner,
  createLearner,
  createLedger,
  createRecordMemory,
  createReplay,
  createWorthKeeping,
  type Journal,
  type Learner,
} from '../../bandit/index.ts'
import { openJournal } from '../../bandit/journal/open-journal.ts'
import { connectRedis } from '../../bandit/store/redis/connect-redis.ts'
import { createRedisStore } from '../../bandit/store/redis/redis.ts'
import { about, decisionOf, ids, rules, settings, windowMs } from '../bandit/journal/shop.ts'

/**
 * Learns one reward after the other through a journal and says what became of each; kills itself with SIGKILL at one
 * point of one of them.
 *
 *     node journal-writer.ts <redis> <prefix> <journal> <decided at> <count> <point> <at>
 */
const [url, prefix, path, decidedAt, count, point, at] = process.argv.slice(2)
let current = -1

const reach = (name: string): void => {
  if (name === point && current === Number(at)) process.kill(process.pid, 'SIGKILL')
}

/** Kills between two steps, never within one. */
const dangerous = (journal: Journal): Journal => ({
  ...journal,
  async append(feedback) {
    reach('before the journal')
    const id = await journal.append(feedback)
    reach('after the journal')
    return id
  },
  settle(id, kept) {
    reach('after the store')
    journal.settle(id, kept)
  },
})

const store = createRedisStore({ redis: connectRedis(url!), prefix })
await store.ping()
const opened = await openJournal({ path: path!, maxBytes: 1e8, keepMs: 600_000, clock: Date.now })
const journal = dangerous(opened)
const records = createRecordMemory(store)
const endpointStore = records.store.endpoint(settings)
const ledger = createLedger({ ids, store: endpointStore, windowMs, labelOutput: undefined })
const endpoints = new Map([['shop', { ...rules, ...settings, store: endpointStore, ledger }]])
const learner: Learner = createLearner({ ids, endpoints, clock: Date.now })
const say = (line: object): void => void process.stdout.write(`${JSON.stringify(line)}\n`)
const quiet = () => undefined
const events = {
  away: quiet,
  drained: quiet,
  restoring: quiet,
  restored: quiet,
  failing: quiet,
  recovered: quiet,
  fault: (error: unknown) => say({ fault: String(error) }),
  replayed: ({ status }: { status: string }) => say({ replayed: status }),
}
const availability = createAvailability(events, Date.now)
const shared = { learner, journal, availability, records, events }
await createReplay({ ...shared, endpoints, clock: Date.now }).turn()
const journalled = createJournalledLearner({
  ...shared,
  worthKeeping: createWorthKeeping({ ids, endpoints }),
  acceptedAt: createAcceptingClock(Date.now),
})

for (let number = 0; number < Number(count); number += 1) {
  current = number
  const { status } = await journalled.learn(about(decisionOf(number, 'a', Number(decidedAt)), { reward: 1 }))
  if (point === 'after settling' && number === Number(at)) await journal.flush()
  reach('after settling')
  say({ number, status })
}
await journal.close()
await store.close()
