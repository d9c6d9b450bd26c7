import { copyFile } from 'node:fs/promises'
import { onTestFinished } from 'vitest'
import {
  createAcceptingClock,
  createAvailability,
  createJournalledLearner,
  createLearner,
  createLedger,
  createRecordKeeper,
  createRecordMemory,
  createReplay,
  createWorthKeeping,
  StoreUnavailable,
  type AwayRecord,
  type Decision,
  type EndpointStore,
  type Feedback,
  type FeedbackOutcome,
  type Journal,
  type OtherLabels,
  type Store,
} from '../../../bandit/index.ts'
import { createSqliteStore } from '../../../bandit/store/sqlite/sqlite.ts'
import { newJournal } from './fixture.ts'
import { decisionOf as decisionAt, generation, ids, rules, settings, windowMs } from './shop.ts'

/** How the store fails: never, before it does anything, or after it did everything. */
export type Failing = 'no' | 'before' | 'after'

export interface World {
  now: number
  /** Calls of the store that it still carries out before it is away. */
  patience: number
  failing: Failing
  readonly told: string[]
  /** Of every replayed entry. */
  readonly replayed: FeedbackOutcome[]
  readonly path: () => string
  readonly journal: () => Journal
  learn(feedback: Feedback): Promise<FeedbackOutcome>
  turn(): Promise<void>
  record(decision: Decision, outputs: object, repeatable?: boolean): Promise<void>
  /** What shadows said. */
  recordShadows(decision: Decision, others: OtherLabels): Promise<void>
  /** Accuracy and number of labels of what answered beside the arm. */
  observed(): Promise<Readonly<Record<string, readonly number[]>>>
  /** The gateway is gone with all that it had not written, and another begins with its file. */
  crash(): Promise<void>
  /** The store comes back under another identity, with nothing. */
  empty(): void
  /** Rewarded decisions and the sum of their rewards, by arm. */
  sums(): Promise<Readonly<Record<string, readonly number[]>>>
}

/** Made at the start of the world, unless it is said. */
export const decisionOf = (number: number, arm = 'a', decidedAt = start): Decision =>
  decisionAt(number, arm, decidedAt)

/** A second ago, for stores look at their own clocks too. */
export const start = Date.now() - 1000

/** One gateway's journal before a store that fails as it is told to. */
export async function createWorld(rewardFrom: 'reward' | 'label' = 'reward', maxBytes = 1e8): Promise<World> {
  const world = { now: start, patience: Infinity, failing: 'no' as Failing }
  let backing = newBacking()
  const told: string[] = []
  const replayed: FeedbackOutcome[] = []

  function newBacking() {
    const store = createSqliteStore({ path: ':memory:', clock: () => world.now })
    onTestFinished(() => store.close())
    return { store, endpoint: store.endpoint(settings) }
  }

  async function faulty<T>(call: (endpoint: EndpointStore) => Promise<T>): Promise<T> {
    const { failing } = world
    world.patience -= 1
    if (failing === 'before' || world.patience < 0) throw new StoreUnavailable('away')
    const result = await call(backing.endpoint)
    if (failing === 'after') throw new StoreUnavailable('the reply was lost')
    return result
  }
  const faultyStore: Store = {
    kind: 'sqlite',
    ping: async () => undefined,
    signingSecret: async (proposed) => proposed,
    shareSecrets: async (secrets) => secrets,
    endpoint: () => ({
      readState: (version) => faulty((endpoint) => endpoint.readState(version)),
      recordPulls: (flush) => faulty((endpoint) => endpoint.recordPulls(flush)),
      recordDecision: (...args) => faulty((endpoint) => endpoint.recordDecision(...args)),
      readDecision: (key) => faulty((endpoint) => endpoint.readDecision(key)),
      applyReward: (application) => faulty((endpoint) => endpoint.applyReward(application)),
      closeBucket: (closing) => faulty((endpoint) => endpoint.closeBucket(closing)),
      forgetMarks: (progress) => faulty((endpoint) => endpoint.forgetMarks(progress)),
      pruneEpochs: (before) => faulty((endpoint) => endpoint.pruneEpochs(before)),
      readControls: (revision) => faulty((endpoint) => endpoint.readControls(revision)),
      writeControls: (...args) => faulty((endpoint) => endpoint.writeControls(...args)),
      dump: () => faulty((endpoint) => endpoint.dump()),
      restore: (checkpoint, over) => faulty((endpoint) => endpoint.restore(checkpoint, over)),
      descend: (say) => faulty((endpoint) => endpoint.descend(say)),
      identity: () => faulty((endpoint) => endpoint.identity()),
    }),
    time: async () => world.now,
    close: async () => undefined,
  }

  const clock = () => world.now
  async function startGateway(path?: string) {
    const { journal, path: file } = await newJournal({ clock, maxBytes, ...(path !== undefined && { path }) })
    const records = createRecordMemory(faultyStore)
    const store = records.store.endpoint(settings)
    const labelOutput = rewardFrom === 'label' ? 'label' : undefined
    const events = {
      away: () => void told.push('away'),
      drained: (entries: number, records: number) =>
        void told.push(`drained ${entries}${records > 0 ? ` and ${records} records` : ''}`),
      restoring: () => void told.push('restoring'),
      restored: (outcomes: object) => void told.push(`restored ${JSON.stringify(outcomes)}`),
      replayed: (outcome: FeedbackOutcome) => void replayed.push(outcome),
      failing: () => void told.push('failing'),
      recovered: () => void told.push('recovered'),
      fault: (error: unknown) => void told.push(`fault ${String(error)}`),
    }
    const availability = createAvailability(events, clock)
    const keep = createRecordKeeper({ journal, availability, clock })
    const whileAway = (record: AwayRecord, reason: Error) => keep('shop', record, reason)
    const ledger = createLedger({ ids, store, windowMs, labelOutput, shadowed: true, whileAway })
    const endpoints = new Map([
      ['shop', { ...rules, endpoint: 'shop', generation, rewardFrom, store, ledger }],
    ])
    const learner = createLearner({ ids, endpoints, clock })
    const shared = { learner, journal, availability, records, events }
    const worthKeeping = createWorthKeeping({ ids, endpoints })
    const acceptedAt = createAcceptingClock(clock)
    const journalled = createJournalledLearner({ ...shared, worthKeeping, acceptedAt })
    const replay = createReplay({ ...shared, endpoints, clock })
    await replay.turn()
    return { journal, file, ledger, learner: journalled, replay }
  }
  let gateway = await startGateway()

  return Object.assign(world, {
    told,
    replayed,
    path: () => gateway.file,
    journal: () => gateway.journal,
    learn: (feedback: Feedback) => gateway.learner.learn(feedback),
    turn: () => gateway.replay.turn(),
    async record(decision: Decision, outputs: object, repeatable = false) {
      await gateway.ledger.record(decision, outputs as Readonly<Record<string, unknown>>, repeatable)
    },
    recordShadows: ({ key }: Decision, others: OtherLabels) => gateway.ledger.recordShadows(key, others),
    async observed() {
      const state = await backing.endpoint.readState()
      const all = [...(state?.observed ?? [])].map(([name, epochs]) => {
        const [count, sum] = [0, 1].map((at) =>
          [...epochs.values()].reduce((total, sums) => total + sums[at]!, 0),
        )
        return [name, [count! / 1e6, sum! / 1e6]] as const
      })
      return Object.fromEntries(all)
    },
    async crash() {
      const image = `${gateway.file}+`
      await copyFile(gateway.file, image)
      await copyFile(`${gateway.file}-wal`, `${image}-wal`)
      await gateway.journal.close()
      // No process starts within some milliseconds.
      world.now += 100
      gateway = await startGateway(image)
    },
    empty: () => void (backing = newBacking()),
    async sums() {
      const state = await backing.endpoint.readState()
      const arms = [...(state?.arms ?? [])].map(([arm, { epochs, totals }]) => {
        const sum = [...epochs.values()].reduce((total, sums) => total + sums[1]!, 0)
        return [arm, [totals.rewarded, sum / 1e6]] as const
      })
      return Object.fromEntries(arms)
    },
  })
}
