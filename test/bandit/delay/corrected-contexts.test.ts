import { expect, onTestFinished, test } from 'vitest'
import { createEncoding, createKey, type Delay } from '../../../bandit/index.ts'
import { createRidges } from '../../../bandit/linear/ridge.ts'
import { createSqliteStore } from '../../../bandit/store/sqlite/sqlite.ts'
import { learningIds as ids, openLearning } from '../../fixtures/learning-gateway.ts'
import { uniformSource } from '../support/random-source.ts'

const windowMs = 60_000
const encoding = createEncoding({ features: [{ kind: 'boolean', name: 'member' }], interactions: [] })
const meanOf = (member: boolean): number => (member ? 0.6 : 0.2)

/**
 * Only successes report, after an exponential delay of a third of the window; half of the decisions are so fresh that
 * most of their successes are still to come. What is believed of the arm in each context, and its count of pulls.
 */
async function believe(delay: Delay, decisions: number) {
  const random = uniformSource(17)
  let now = 1_790_000_000_000
  const clock = () => now
  const store = createSqliteStore({ path: ':memory:', clock })
  onTestFinished(() => store.close())
  const { agent, ledger, learner } = openLearning({
    store,
    clock,
    windowMs,
    arms: [{ name: 'a', minShare: 0 }],
    delay,
    defaultMicro: delay === 'corrected' ? 0 : undefined,
    encoding,
  })
  const due: { at: number; predictionId: string }[] = []
  const everyMs = (1.5 * windowMs) / decisions
  for (let turn = 0; turn < decisions; turn++) {
    now += everyMs
    const member = turn % 2 === 0
    const encoded = encoding.encode({ member })
    if (encoded.status !== 'encoded') throw new Error(encoded.detail)
    const key = createKey((count) => Buffer.from(Array.from({ length: count }, () => 256 * random())))
    const decision = agent.decide(key, undefined, encoded.features)!
    await ledger.recordFeatures(key, encoded.features)
    agent.answered(decision)
    if (random() < meanOf(member))
      due.push({ at: now - 20_000 * Math.log(1 - random()), predictionId: ids.sign(decision) })
    for (const { predictionId, at } of due.filter(({ at }) => at <= now)) {
      await learner.learn({ predictionId, eventId: '', reward: 1, acceptedAt: Math.round(at) })
      due.splice(
        due.findIndex((each) => each.predictionId === predictionId),
        1,
      )
    }
    if (turn % 100 === 99) await agent.synchronise()
  }
  await agent.synchronise()
  const [belief] = agent.decide('AAAAAAAAAAAAAAAA', undefined, Float64Array.of(1, 0))!.basis!.snapshot.beliefs
  const { predict } = createRidges(1)(belief!.linear!)
  return {
    member: predict(Float64Array.of(1, 1)),
    other: predict(Float64Array.of(1, 0)),
    count: belief!.count,
    pulls: belief!.linear!.gram[0]!,
  }
}

test('corrected by context, each context pays what it will have paid, while half of the rewards are still to come', async () => {
  const { member, other, count, pulls } = await believe('corrected', 1500)
  // Standard errors are about 0.03 each.
  expect(Math.abs(member - meanOf(true))).toBeLessThan(0.1)
  expect(Math.abs(other - meanOf(false))).toBeLessThan(0.1)
  expect(member - other).toBeGreaterThan(0.3)
  // The regression counts as many pulls as the mean does.
  expect(pulls / count).toBeCloseTo(1, 1)
  expect(count).toBeLessThan(1400)
})

test('on arrival alone, every context pays 1, as the silent say nothing', async () => {
  const { member, other } = await believe('arrival', 600)
  expect(member).toBeGreaterThan(0.95)
  expect(other).toBeGreaterThan(0.9)
})
