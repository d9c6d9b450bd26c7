import {
  bucketWidth,
  createAgent,
  createKey,
  createLearner,
  createLedger,
  createPolicy,
  createPredictionIds,
  generationOf,
  noForgetting,
  unitBounds,
  type Agent,
  type Delay,
  type FeedbackStatus,
} from '../../../bandit/index.ts'
import { uniformPrior } from '../../../bandit/posterior.ts'
import { createSqliteStore } from '../../../bandit/store/sqlite.ts'
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
const stepsPerExchange = 10
const ids = createPredictionIds([{ id: 1, secret: 'a secret of the delayed world' }])

/** One gateway on a clock of its own: a decision a step, feedback when its delay is over. */
export async function playDelayed(world: DelayedWorld): Promise<Played> {
  const { arms, steps, delay = 'arrival', defaultMicro, seed = 1 } = world
  const windowMs = world.window * stepMs
  const random = uniformSource(seed)
  let now = 1_700_000_000_000
  const clock = () => now
  const store = createSqliteStore({ path: ':memory:', clock })
  const bucketMs = bucketWidth(windowMs, undefined)
  const rules = { windowMs, bucketMs, forgetting: noForgetting, delay, defaultMicro, bounds: unitBounds }
  const combine = 'first'
  const definition = { rewardFrom: 'reward', labelOutput: undefined, combine, ...rules } as const
  const generation = generationOf(definition)
  const retentionMs = 20 * windowMs
  const settings = { endpoint: 'shop', generation, windowMs, bucketMs, retentionMs, hold: delay === 'hold' }
  const endpointStore = store.endpoint(settings)
  const learning = {
    endpoint: 'shop',
    generation,
    store: endpointStore,
    ledger: createLedger({ ids, store: endpointStore, windowMs, labelOutput: undefined }),
    rewardFrom: 'reward',
    combine,
    ...rules,
  } as const
  const agent = createAgent({
    endpoint: 'shop',
    generation,
    arms: arms.map(({ name, minShare = 0 }) => ({ name, minShare })),
    policy: createPolicy({ name: 'thompson' }),
    prior: uniformPrior,
    store: endpointStore,
    gateway: 'only',
    clock,
    ...rules,
    staleMs: 5000,
  })
  const learner = createLearner({ ids, endpoints: new Map([['shop', learning]]), clock })

  const best = Math.max(...arms.map(({ mean }) => mean))
  const byName = new Map(arms.map((arm) => [arm.name, arm]))
  const coming = new Map<number, string[]>()
  const shown = new Map<string, number>()
  const statuses = new Map<FeedbackStatus, number>()
  let regret = 0
  for (let step = 0; step < steps; step++) {
    now += stepMs
    for (const predictionId of coming.get(step) ?? []) {
      const { status } = await learner.learn({ predictionId, eventId: '', reward: 1 })
      statuses.set(status, (statuses.get(status) ?? 0) + 1)
    }
    coming.delete(step)
    if (step % stepsPerExchange === 0) await agent.synchronise()
    const decision = agent.decide(
      createKey((count) => Buffer.from(Array.from({ length: count }, () => random() * 256))),
    )!
    agent.answered(decision)
    const arm = byName.get(decision.arm)!
    regret += best - arm.mean
    if (step >= 0.75 * steps) shown.set(arm.name, (shown.get(arm.name) ?? 0) + 1)
    if (random() < arm.mean) {
      const at = step + 1 + Math.floor(Math.log(1 - random()) / Math.log(1 - 1 / arm.meanDelay))
      coming.set(at, [...(coming.get(at) ?? []), ids.sign(decision)])
    }
  }
  await agent.synchronise()
  await store.close()
  const share = (name: string) => (shown.get(name) ?? 0) / (steps / 4)
  return { shares: Object.fromEntries(arms.map(({ name }) => [name, share(name)])), regret, agent, statuses }
}
