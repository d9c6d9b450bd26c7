import { createKey, type Feedback } from '../../../bandit/index.ts'
import type { BetaPosterior } from '../../../bandit/beliefs/posterior.ts'
import { createSqliteStore } from '../../../bandit/store/sqlite/sqlite.ts'
import { learningIds as ids, openLearning } from '../../fixtures/learning-gateway.ts'
import { uniformSource } from './random-source.ts'

/** Somebody who wants traffic for one arm. */
export interface Poisoner {
  /** Means of the arms' rewards, 0 or 1 each; the last arm is the one that traffic is wanted for. */
  readonly means: readonly number[]
  readonly steps: number
  readonly seed: number
  /** Share of the prediction ids that the poisoner has too. */
  readonly stolen?: number
  /** Made-up and changed ids that are sent with each decision. */
  readonly forged?: number
}

export interface Poisoned {
  /** Arms in the order of the decisions. */
  readonly chosen: readonly string[]
  /** Successes and failures of each arm, as they were learned. */
  readonly learned: Readonly<Record<string, readonly [successes: number, failures: number]>>
  /** The same by what was sent last of each decision. */
  readonly meant: Readonly<Record<string, readonly [successes: number, failures: number]>>
  /** Everything that the store holds. */
  readonly stored: string
  readonly statuses: Readonly<Record<string, number>>
}

const stepMs = 100
const stepsPerExchange = 20

/**
 * One gateway past HTTP: sealed ids, the learner, a store, Thompson sampling. Every decision is rewarded at once; of
 * those whose ids are stolen the poisoner speaks last, as a correction, which is the worst that a stolen id allows: 1
 * for the wanted arm, 0 for the others.
 */
export async function playPoisoned(poisoner: Poisoner): Promise<Poisoned> {
  const { means, steps, seed, stolen = 0, forged = 0 } = poisoner
  const [keys, rewards, thefts, forgeries] = [0, 1, 2, 3].map((stream) => uniformSource(seed * 4 + stream))
  let now = 1_700_000_000_000
  const store = createSqliteStore({ path: ':memory:', clock: () => now })
  const names = means.map((_mean, index) => `arm-${index}`)
  const wanted = names.at(-1)!
  const {
    agent,
    learner,
    store: kept,
  } = openLearning({
    store,
    clock: () => now,
    arms: names.map((name) => ({ name, minShare: 0 })),
    windowMs: 3_600_000,
    policy: 'thompson',
  })
  const statuses: Record<string, number> = {}
  const bytes = (count: number) => Buffer.from(Array.from({ length: count }, () => keys!() * 256))

  async function send(predictionId: string, reward: number): Promise<void> {
    const feedback: Feedback = { predictionId, reward, eventId: '' }
    const { status } = await learner.learn(feedback)
    statuses[status] = (statuses[status] ?? 0) + 1
  }

  const chosen: string[] = []
  const meant = Object.fromEntries(names.map((name) => [name, [0, 0] as [number, number]]))
  for (let step = 0; step < steps; step++) {
    now += stepMs
    if (step % stepsPerExchange === 0) await agent.synchronise()
    const decision = agent.decide(createKey(bytes))!
    agent.answered(decision)
    const { arm } = decision
    chosen.push(arm)
    const id = ids.sign(decision)
    const reward = rewards!() < means[names.indexOf(arm)]! ? 1 : 0
    const poison = thefts!() < stolen ? Number(arm === wanted) : undefined
    await send(id, reward)
    if (poison !== undefined) await send(id, poison)
    for (let i = 0; i < forged; i++) await send(forge(id, forgeries!), 1)
    meant[arm]![(poison ?? reward) === 1 ? 0 : 1]++
  }
  await agent.synchronise()
  const learned = Object.fromEntries(
    agent.view().arms.map(({ name, posterior }) => {
      const { alpha, beta } = posterior as BetaPosterior
      return [name, [alpha - 1, beta - 1] as const]
    }),
  )
  const stored = JSON.stringify(await kept.dump())
  await store.close()
  return { chosen, learned, meant, stored, statuses }
}

/** A genuine id with one bit of it the other way round. */
function forge(id: string, random: () => number): string {
  const sealed = Buffer.from(id, 'base64url')
  const at = Math.floor(random() * sealed.length)
  sealed[at]! ^= 1 << Math.floor(random() * 8)
  return sealed.toString('base64url')
}
