import { randomBytes } from 'node:crypto'
import { bucketOf } from '../bandit/buckets.ts'
import { createAgent, createKey, createPolicy, noForgetting, type EndpointStore } from '../bandit/index.ts'
import { openStore } from '../bandit/store/open-store.ts'
import { timeBlocks } from './time-blocks.ts'

export interface DecisionFigures {
  readonly arms: number
  /** Choosing an arm and counting its pull, from the snapshot in memory. */
  readonly decisionUs: number
  /** Thompson's distribution, computed once for each snapshot. */
  readonly distributionUs: number
}

const decisionsPerBlock = 2_000
const rewards = 1_000
const hourMs = 3_600_000
const bucketMs = hourMs / 60

export const measureDecisions = async (arms: number): Promise<DecisionFigures> => ({
  arms,
  decisionUs: await timeDecisions(arms),
  distributionUs: timeDistribution(arms),
})

/** From 0.2 to 0.6, so that many arms are close and none is alone. */
const createArms = (count: number): readonly { name: string; mean: number }[] =>
  Array.from({ length: count }, (_, arm) => ({ name: `arm-${arm}`, mean: 0.2 + (0.4 * arm) / count }))

const timeDecisions = async (count: number): Promise<number> => {
  const store = openStore('sqlite::memory:', { clock: Date.now })
  const arms = createArms(count)
  const state = { endpoint: 'bench', generation: '00000000', windowMs: hourMs, bucketMs }
  const endpoint = store.endpoint(state)
  for (const arm of arms) await learn(endpoint, arm)
  const agent = createAgent({
    ...state,
    arms: arms.map(({ name }) => ({ name, minShare: 0 })),
    policy: createPolicy({ name: 'thompson' }),
    prior: { alpha: 1, beta: 1 },
    store: endpoint,
    gateway: 'bench',
    clock: Date.now,
    forgetting: noForgetting,
    defaultMicro: undefined,
    staleMs: hourMs,
  })
  await agent.synchronise()
  await store.close()
  const keys = Array.from({ length: decisionsPerBlock }, () => createKey(randomBytes))
  return timeBlocks(() => {
    for (const key of keys) agent.answered(agent.decide(key)!)
  }, decisionsPerBlock)
}

const timeDistribution = (count: number): number => {
  const policy = createPolicy({ name: 'thompson' })
  const beliefs = createArms(count).map(({ name, mean }) => ({
    name,
    count: rewards,
    sum: mean * rewards,
    sumOfSquares: mean * rewards,
    importanceSum: 0,
    successes: mean * rewards,
    pending: 0,
  }))
  return timeBlocks(() => void policy.distribution(beliefs), 1)
}

/** Rewards of one arm, all in one vector. */
const learn = (store: EndpointStore, { name, mean }: { name: string; mean: number }): Promise<unknown> =>
  store.applyReward({
    key: createKey(randomBytes),
    arm: name,
    bucket: bucketOf(Date.now(), bucketMs),
    epoch: 0,
    decidedAt: Date.now(),
    expectedMark: '',
    mark: 'learned',
    delta: Float64Array.of(rewards, mean * rewards, mean * rewards).map((sum) => Math.round(sum * 1e6)),
  })
