import {
  createKey,
  type Agent,
  type Delay,
  type FeedbackStatus,
  type Learner,
  type Ledger,
} from '../../../bandit/index.ts'
import { createSqliteStore } from '../../../bandit/store/sqlite/sqlite.ts'
import { learningIds as ids, openLearning } from '../../fixtures/learning-gateway.ts'
import { uniformSource } from './random-source.ts'

/** An arm whose successes report after a geometric delay and whose failures never do. */
export interface DelayedArm {
  readonly name: string
  readonly mean: number
  /** In steps. */
  readonly meanDelay: number
  readonly minShare?: number
}

export interface DelayedWorld {
  readonly arms: readonly DelayedArm[]
  readonly steps: number
  /** In steps. */
  readonly window: number
  readonly delay?: Delay
  readonly defaultMicro?: number
  readonly seed?: number
}

export interface Played {
  /** Of the last quarter. */
  readonly shares: Readonly<Record<string, number>>
  readonly regret: number
  readonly agent: Agent
  readonly statuses: ReadonlyMap<FeedbackStatus, number>
}

export const stepMs = 100
const stepsPerExchange = 20
export const endpoint = 'digits'

/** What a client can do with a gateway. */
export interface Client {
  predict(): Promise<{ readonly arm: string; readonly predictionId: string }>
  succeeded(predictionId: string): Promise<FeedbackStatus>
}

export interface Inside {
  readonly agent: Agent
  readonly learner: Learner
  readonly ledger: Ledger
  readonly clock: () => number
  readonly random: () => number
}

/** Past HTTP, straight to the agent and the learner. */
function direct({ agent, learner, random }: Inside): Client {
  const bytes = (count: number) => Buffer.from(Array.from({ length: count }, () => random() * 256))
  return {
    async predict() {
      const decision = agent.decide(createKey(bytes))!
      agent.answered(decision)
      return { arm: decision.arm, predictionId: ids.sign(decision) }
    },
    async succeeded(predictionId) {
      return (await learner.learn({ predictionId, eventId: '', reward: 1 })).status
    },
  }
}

/** One gateway on a clock of its own: a prediction a step, feedback when its delay is over. */
export async function playDelayed(world: DelayedWorld, connect = direct): Promise<Played> {
  const { arms, steps, seed = 1 } = world
  const random = uniformSource(seed)
  let now = 1_700_000_000_000
  const { store, ...parts } = openWorld(world, () => now)
  const { agent } = parts
  const client = connect({ ...parts, random })

  const best = Math.max(...arms.map(({ mean }) => mean))
  const byName = new Map(arms.map((arm) => [arm.name, arm]))
  const coming = new Map<number, string[]>()
  const shown = new Map<string, number>()
  const statuses = new Map<FeedbackStatus, number>()
  let regret = 0
  for (let step = 0; step < steps; step++) {
    now += stepMs
    for (const predictionId of coming.get(step) ?? []) {
      const status = await client.succeeded(predictionId)
      statuses.set(status, (statuses.get(status) ?? 0) + 1)
    }
    coming.delete(step)
    if (step % stepsPerExchange === 0) await agent.synchronise()
    const prediction = await client.predict()
    const arm = byName.get(prediction.arm)!
    regret += best - arm.mean
    if (step >= 0.75 * steps) shown.set(arm.name, (shown.get(arm.name) ?? 0) + 1)
    if (random() < arm.mean) {
      const at = step + 1 + Math.floor(Math.log(1 - random()) / Math.log(1 - 1 / arm.meanDelay))
      coming.set(at, [...(coming.get(at) ?? []), prediction.predictionId])
    }
  }
  await agent.synchronise()
  await store.close()
  const share = (name: string) => (shown.get(name) ?? 0) / (steps / 4)
  return { shares: Object.fromEntries(arms.map(({ name }) => [name, share(name)])), regret, agent, statuses }
}

/** An agent and a learner over one store in memory, all on the clock. */
export function openWorld(
  { arms, window, delay = 'arrival', defaultMicro }: Omit<DelayedWorld, 'steps'>,
  clock: () => number,
) {
  const windowMs = window * stepMs
  const store = createSqliteStore({ path: ':memory:', clock })
  const { agent, ledger, learner } = openLearning({
    store,
    clock,
    arms: arms.map(({ name, minShare = 0 }) => ({ name, minShare })),
    windowMs,
    retentionMs: 20 * windowMs,
    policy: 'thompson',
    endpoint,
    delay,
    ...(defaultMicro !== undefined && { defaultMicro }),
  })
  return { store, agent, ledger, learner, clock }
}
