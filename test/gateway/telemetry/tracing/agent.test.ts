import { beforeEach, expect, onTestFinished, test } from 'vitest'
import { rewardDelta } from '../../../../bandit/beliefs/statistics.ts'
import { createSqliteStore } from '../../../../bandit/store/sqlite/sqlite.ts'
import { traceAgent } from '../../../../gateway/telemetry/tracing/agent.ts'
import { openLearning } from '../../../fixtures/learning-gateway.ts'
import { inRequest, takeSpans, tracer } from '../../../fixtures/recorded-spans.ts'

beforeEach(() => void takeSpans())

test('a decision says what the policy wants where max_step holds its share back', async () => {
  let now = 1_790_000_000_000
  const clock = () => now
  const store = createSqliteStore({ path: ':memory:', clock })
  onTestFinished(() => store.close())
  const { agent, store: state } = openLearning({
    store,
    clock,
    arms: ['a', 'b'].map((name) => ({ name, minShare: 0 })),
    windowMs: 60_000,
    policy: 'thompson',
    maxStep: { share: 0.1, perMs: 1000 },
  })
  const traced = traceAgent(tracer, agent)
  // Its uniform number is 0, which falls on the first arm.
  const decide = () => inRequest('a', () => traced.decide('AAAAAAAAAAAAAAAA'))
  const attributes = () => takeSpans().find(({ name }) => name === 'decide')!.attributes
  await agent.synchronise()
  decide()
  expect(attributes()).not.toHaveProperty('bandit.propensity.wanted')
  await state.applyReward({
    key: 'rewards-of-arm-a',
    arm: 'a',
    bucket: now / 1000,
    epoch: 0,
    decidedAt: now,
    expectedMark: '',
    mark: 'x',
    delta: rewardDelta(1e6, 1).map((sum) => 1000 * sum),
  })
  now += 1000
  await agent.synchronise()
  decide()
  const { 'bandit.arm': arm, 'bandit.propensity': used, 'bandit.propensity.wanted': wanted } = attributes()
  expect([arm, used]).toEqual(['a', expect.closeTo(0.6, 12)])
  expect(wanted).toBeGreaterThan(0.99)
})
