import {
  createAcceptingClock,
  createAvailability,
  createJournalledLearner,
  createLearner,
  createLedger,
  createRecordMemory,
  createReplay,
  createWorthKeeping,
  StoreUnavailable,
  type Combine,
  type EndpointStore,
  type Feedback,
  type FeedbackOutcome,
  type Journal,
  type Store,
} from '../../../bandit/index.ts'
import type { Checkpoint } from '../../../bandit/store/checkpoint.ts'
import { newJournal } from '../../bandit/journal/fixture.ts'
import { generation, ids, rules, settings, windowMs } from '../../bandit/journal/shop.ts'

/** A store, and the way to lose all that is in it. */
export interface Emptied {
  readonly store: () => Store
  readonly empty: () => Promise<void>
}

/** One gateway's journal before a store that is lost now and then; its clock is that of the world. */
export interface EmptiedGateway {
  readonly journal: Journal
  /** Whether answers of the store get lost after it did what it was told. */
  losesAnswers: boolean
  learn(feedback: Feedback): Promise<FeedbackOutcome>
  /** Brings to the store what it lacks. */
  turn(): Promise<void>
}

export async function openGateway(
  { store }: Emptied,
  combine: Combine,
  clock: () => number,
): Promise<EmptiedGateway> {
  const { journal } = await newJournal({ clock })
  const told: unknown[] = []
  const gateway = { losesAnswers: false }

  async function call<T>(work: (endpoint: EndpointStore) => Promise<T>): Promise<T> {
    const result = await work(store().endpoint(settings))
    if (gateway.losesAnswers) throw new StoreUnavailable('the answer was lost')
    return result
  }
  const endpoint = new Proxy({} as EndpointStore, {
    get:
      (_, name: keyof EndpointStore) =>
      (...args: never[]) =>
        call((each) => (each[name] as (...all: never[]) => Promise<unknown>)(...args)),
    ownKeys: () => Reflect.ownKeys(store().endpoint(settings)),
    getOwnPropertyDescriptor: () => ({ enumerable: true, configurable: true }),
  })
  const records = createRecordMemory({ ...store(), endpoint: () => endpoint })
  const own = records.store.endpoint(settings)
  const ledger = createLedger({ ids, store: own, windowMs, labelOutput: undefined })
  const endpoints = new Map([
    ['shop', { ...rules, combine, corrections: true, endpoint: 'shop', generation, store: own, ledger }],
  ])
  const events = {
    away: () => undefined,
    drained: () => undefined,
    restoring: () => undefined,
    restored: () => undefined,
    replayed: () => undefined,
    failing: (error: unknown) => void told.push(error),
    recovered: () => undefined,
    fault: (error: unknown) => void told.push(error),
  }
  const learner = createLearner({ ids, endpoints, clock })
  const shared = { learner, journal, availability: createAvailability(events, clock), records, events }
  const replay = createReplay({ ...shared, endpoints, clock, askEveryMs: 0 })
  await replay.turn()
  const worthKeeping = createWorthKeeping({ ids, endpoints })
  const journalled = createJournalledLearner({
    ...shared,
    worthKeeping,
    acceptedAt: createAcceptingClock(clock),
  })
  return Object.assign(gateway, {
    journal,
    learn: (feedback: Feedback) => journalled.learn(feedback),
    async turn() {
      await replay.turn()
      if (told.length > 0) throw new Error('a gateway had a fault', { cause: told[0] })
    },
  })
}

/** What has been learned, whatever the data began with. */
export async function learnedIn({ store }: Emptied) {
  const { arms } = (await store().endpoint(settings).readState())!
  return Object.fromEntries(
    [...arms].map(([arm, { epochs, totals }]) => {
      const sums = Array.from(epochs.values(), (each) => Array.from(each))
      return [arm, { sums, totals }] as const
    }),
  )
}

export const dumpOf = ({ store }: Emptied): Promise<Checkpoint> => store().endpoint(settings).dump()
export const restoreTo = ({ store }: Emptied, checkpoint: Checkpoint) =>
  store().endpoint(settings).restore(checkpoint)

/** Whether the data is another than what was saved, and nobody has said what it began with. */
export async function isUnsettled({ store }: Emptied, saved: Checkpoint | undefined): Promise<boolean> {
  const { origin, born } = await store().endpoint(settings).descend()
  return origin === 'unsettled' && saved !== undefined && saved.born !== born
}
