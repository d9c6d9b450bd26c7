import { randomBytes } from 'node:crypto'
import { bucketOf } from '../bandit/buckets.ts'
import { delaysEnd } from '../bandit/rewards/contribution.ts'
import { createAgent, createKey, createPolicy, noForgetting } from '../bandit/index.ts'
import { linearDelta, linearLength } from '../bandit/linear/sums.ts'
import { openStore } from '../bandit/store/open-store.ts'
import { rewardDelta } from '../bandit/beliefs/statistics.ts'
import { timeBlocks } from './time-blocks.ts'

export interface ContextualFigures {
  readonly policy: 'lin-ucb'
  readonly arms: number
  /** Numbers in the context, none of them 0. */
  readonly dimension: number
  /** Choosing an arm for a new context and counting its pull. */
  readonly decisionUs: number
}

const decisionsPerBlock = 200
const rewardsPerArm = 100
const hourMs = 3_600_000
const bucketMs = hourMs / 60

/** With something learned of every arm, and another context each time. */
export const measureContextualDecisions = async (
  arms: number,
  dimension: number,
): Promise<ContextualFigures> => {
  const policy = 'lin-ucb'
  const store = openStore('sqlite::memory:', { clock: Date.now })
  const state = { endpoint: 'bench', generation: '00000000', windowMs: hourMs, bucketMs }
  const endpoint = store.endpoint(state)
  const names = Array.from({ length: arms }, (_, arm) => `arm-${arm}`)
  for (const [arm, name] of names.entries()) {
    await endpoint.applyReward({
      key: createKey(randomBytes),
      arm: name,
      bucket: bucketOf(Date.now(), bucketMs),
      epoch: 0,
      decidedAt: Date.now(),
      expectedMark: '',
      mark: 'learned',
      delta: learned(arm / arms, dimension),
    })
  }
  const agent = createAgent({
    ...state,
    arms: names.map((name) => ({ name, minShare: 0 })),
    policy: createPolicy({ name: policy }),
    prior: { alpha: 1, beta: 1 },
    store: endpoint,
    gateway: 'bench',
    clock: Date.now,
    forgetting: noForgetting,
    defaultMicro: undefined,
    dimension,
    staleMs: hourMs,
  })
  await agent.synchronise()
  await store.close()
  const asked = Array.from({ length: decisionsPerBlock }, () => ({
    key: createKey(randomBytes),
    features: randomFeatures(dimension),
  }))
  const decisionUs = timeBlocks(() => {
    for (const { key, features } of asked) agent.answered(agent.decide(key, undefined, features)!)
  }, decisionsPerBlock)
  return { policy, arms, dimension, decisionUs }
}

/** Rewards of one arm in random contexts, all in one vector. */
const learned = (reward: number, dimension: number): Float64Array => {
  const micro = Math.round(1e6 * reward)
  const sums = new Float64Array(delaysEnd + linearLength(dimension))
  for (let each = 0; each < rewardsPerArm; each++) {
    for (const [at, value] of rewardDelta(micro, 1).entries()) sums[at]! += value
    for (const [at, value] of linearDelta(randomFeatures(dimension), micro, 1).entries())
      sums[delaysEnd + at]! += value
  }
  return sums
}

/** Whole thousandths, the first of them 1. */
const randomFeatures = (dimension: number): Float64Array =>
  Float64Array.from({ length: dimension }, (_, at) => (at === 0 ? 1 : Math.ceil(999 * Math.random()) / 1000))
