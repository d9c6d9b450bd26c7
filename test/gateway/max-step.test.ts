import { expect, onTestFinished, test } from 'vitest'
import { createEvents } from '../../gateway/events/events.ts'
import { watchShares } from '../../gateway/events/watch-shares.ts'
import { uniformSource } from '../bandit/support/random-source.ts'
import { openContextual } from '../fixtures/contextual-gateway.ts'
import { get, post } from '../fixtures/gateway-app.ts'

interface ArmBody {
  readonly name: string
  readonly share: number
  readonly wanted_share?: number
}

async function openShop(policy: string) {
  let now = 1_790_000_000_000
  const { gateway, agent, lines, close } = await openContextual(
    `{ arms: { x: { model: m }, y: { model: m } }, policy: ${policy} }`,
    { random: uniformSource(8), clock: () => now },
  )
  onTestFinished(close)
  const arms = async () => {
    const { body } = await get(gateway, '/endpoints/shop')
    return new Map((body['arms'] as ArmBody[]).map((arm) => [arm.name, arm]))
  }
  const predict = () => post(gateway, '/predict', { inputs: { pixels: [[0, 1, 2, 3]] } })
  return { gateway, agent, lines, arms, predict, pass: (ms: number) => void (now += ms) }
}

test('with max_step in the configuration, shares follow by steps, and it is seen how far behind they are', async () => {
  const shop = await openShop('{ max_step: { share: 0.1, per: 10s } }')
  const { gateway, agent, arms, predict, pass } = shop
  await agent.synchronise()
  const half = expect.closeTo(0.5, 12)
  expect((await arms()).get('x')).toMatchObject({ share: half, wanted_share: half })
  for (let turn = 0; turn < 60; turn++) {
    const { body } = await predict()
    const reward = body['arm'] === 'x' ? 1 : 0
    await post(gateway, '/feedback', { prediction_id: body['prediction_id'], reward })
  }
  pass(1000)
  await agent.synchronise()
  const x = (await arms()).get('x')!
  expect(agent.heldBack()).toMatchObject({ share: expect.closeTo(x.share, 12) })
  expect(x.share).toBeCloseTo(0.51, 12)
  expect(x.wanted_share).toBeGreaterThan(0.99)
  const { body } = await get(gateway, '/endpoints/shop')
  expect(body['policy']).toMatchObject({ max_step: { share: 0.1, per_ms: 10_000 } })
  const metrics = await (await gateway.app.request('/metrics')).text()
  expect(metrics).toContain(`bandit_arm_share{endpoint="shop",arm="x"} ${x.share}\n`)
  expect(metrics).toContain(`bandit_arm_wanted_share{endpoint="shop",arm="x"} ${x.wanted_share}\n`)
  const answer = (await predict()).body
  const used = answer['arm'] === 'x' ? x.share : 1 - x.share
  expect(answer['decision']).toMatchObject({ propensity: expect.closeTo(used, 12) })
})

test('more than a step behind is told once, and so is that they have arrived', () => {
  const told: string[] = []
  const events = createEvents({ clock: () => 0, createId: () => 'an id' })
  events.listen(({ kind, endpoint, arm, detail }) => told.push(`${kind} ${endpoint} ${arm}: ${detail}`))
  let wanted = 0.5
  const held = () => (wanted === 0.5 ? undefined : { arm: 'x', share: 0.5, wanted })
  const settings = { policy: { maxStep: { share: 0.1, perMs: 1000 } } }
  const look = watchShares({ name: 'shop', settings, agent: { heldBack: held } }, events)
  for (wanted of [0.5, 0.55, 0.9, 0.95, 0.55, 0.5, 0.5, 0.1]) look()
  expect(told).toEqual([
    'shares_held shop x: the policy wants a share of 0.900 for arm x, which has 0.500: max_step holds it back',
    'shares_arrived shop x: shares are as the policy wants them',
    'shares_held shop x: the policy wants a share of 0.100 for arm x, which has 0.500: max_step holds it back',
  ])
})

test('without it nothing is said of it', async () => {
  const { gateway, agent, arms } = await openShop('{}')
  await agent.synchronise()
  expect((await arms()).get('x')).not.toHaveProperty('wanted_share')
  expect(await (await gateway.app.request('/metrics')).text()).not.toContain('bandit_arm_wanted_share{')
})
