import { setTimeout as wait } from 'node:timers/promises'
import {
  createLearner,
  createLedger,
  createPredictionIds,
  StoreUnavailable,
  unitBounds,
  type Store,
} from '../../bandit/index.ts'
import type { EndpointState, PullFlush } from '../../bandit/store/store.ts'
import { closeOverBuckets } from '../../bandit/rewards/sweep.ts'
import { decisionOf, endpoint, feedbackOf, pullsOf, type Traffic } from './traffic.ts'

const windowMs = 600_000
const bucketMs = 15_000
const defaultMicro = 250_000
const forgetting = { kind: 'half-life', halfLifeMs: 1_800_000 } as const
const ids = createPredictionIds([{ id: 1, secret: 'a secret of the proof' }])

/** Tells one store what the traffic is, through the learner that gateways have. */
export interface Teller {
  /** Resolves when all of it is in the store: the feedback of these numbers and the pulls that it stands for. */
  tell(numbers: readonly number[], flush: Pick<PullFlush, 'gateway' | 'sequence'>): Promise<void>
  readState(): Promise<EndpointState>
  /** What is known of the decision of a statement; asking changes nothing. */
  readMark(statement: number): Promise<string>
  endWindows(): Promise<void>
}

export function createTeller(store: Store, traffic: Traffic): Teller {
  const { generation } = traffic
  const endpointStore = store.endpoint({ endpoint, generation, windowMs, bucketMs })
  const times = { windowMs, bucketMs, forgetting, defaultMicro }
  const learning = {
    endpoint,
    generation,
    store: endpointStore,
    ledger: createLedger({ ids, store: endpointStore, windowMs, labelOutput: undefined }),
    rewardFrom: 'reward',
    combine: 'first',
    bounds: unitBounds,
    ...times,
  } as const
  const learner = createLearner({ ids, endpoints: new Map([[endpoint, learning]]), clock: Date.now })

  async function learn(told: number): Promise<void> {
    const { statement, feedback } = feedbackOf(told, traffic)
    const predictionId = ids.sign(decisionOf(statement, traffic))
    const { status, detail } = await patiently(() => learner.learn({ predictionId, ...feedback }))
    if (status !== 'applied' && status !== 'duplicate' && status !== 'corrected')
      throw new Error(`feedback ${told} was ${status}: ${detail}`)
  }

  return {
    async tell(numbers, flush) {
      const counts = countPulls(numbers, traffic)
      await Promise.all([
        patiently(() => endpointStore.recordPulls({ ...flush, counts })),
        ...numbers.map(learn),
      ])
    },
    async readState() {
      return (await endpointStore.readState())!
    },
    async readMark(statement) {
      const { key, arm, decidedAt } = decisionOf(statement, traffic)
      const result = await endpointStore.applyReward({
        key,
        arm,
        bucket: Math.floor(decidedAt / bucketMs),
        epoch: 0,
        decidedAt,
        expectedMark: 'expected by nobody',
        mark: 'asked',
        delta: Float64Array.of(0),
        afterWindow: true,
      })
      if (result.status !== 'conflict') throw new Error(`asking for a mark was ${result.status}`)
      return result.mark
    },
    async endWindows() {
      await closeOverBuckets((await endpointStore.readState())!, {
        store: endpointStore,
        clock: Date.now,
        ...times,
      })
    },
  }
}

function countPulls(numbers: readonly number[], traffic: Traffic): PullFlush['counts'] {
  const counts = new Map<string, { arm: string; bucket: number; pulls: number }>()
  for (const told of numbers) {
    const pulls = pullsOf(told, traffic)
    if (pulls === 0) continue
    const { arm, decidedAt } = decisionOf(told, traffic)
    const bucket = Math.floor(decidedAt / bucketMs)
    const place = `${arm}/${bucket}`
    counts.set(place, { arm, bucket, pulls: pulls + (counts.get(place)?.pulls ?? 0) })
  }
  return [...counts.values()]
}

/** What the store cannot take just now is sent again, as a gateway does; nobody knows whether it was carried out. */
async function patiently<T>(work: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await work()
    } catch (error) {
      if (!(error instanceof StoreUnavailable)) throw error
      await wait(20)
    }
  }
}
