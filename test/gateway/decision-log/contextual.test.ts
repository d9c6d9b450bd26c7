import { expect, onTestFinished, test } from 'vitest'
import { rederive } from '../../../gateway/decision-log/rederive.ts'
import { type DecisionLine, logLineSchema, type SnapshotLine } from '../../../gateway/decision-log/schema.ts'
import { uniformSource } from '../../bandit/support/random-source.ts'
import { openContextual } from '../../fixtures/contextual-gateway.ts'
import { post } from '../../fixtures/gateway-app.ts'

const context = `{ features: { age: { type: number, range: [0, 90] }, query: { type: text, buckets: 5, missing: '' } }, interactions: [[age, query]] }`
const endpointOf = (policy: string) =>
  `{ arms: { x: { model: m }, y: { model: m, min_share: 0.1 } }, policy: ${policy}, context: ${context} }`

async function play(policy: string) {
  const random = uniformSource(8)
  const { gateway, agent, lines, close } = await openContextual(endpointOf(policy), { random })
  onTestFinished(close)
  for (let turn = 0; turn < 60; turn++) {
    const asked = { age: Math.round(90 * random()), ...(turn % 3 > 0 && { query: `shoes ${turn % 7}` }) }
    const { body } = await post(gateway, '/predict', { inputs: { pixels: [[0, 1, 2, 3]] }, context: asked })
    await post(gateway, '/feedback', { prediction_id: body['prediction_id'], reward: random() })
    if (turn % 5 === 4) await agent.synchronise()
  }
  const parsed = lines.map((line) => logLineSchema.parse(JSON.parse(line)))
  const snapshots = parsed.filter((line): line is SnapshotLine => line.type === 'snapshot')
  const decisions = parsed.filter((line): line is DecisionLine => line.type === 'decision')
  return { decisions, snapshots: new Map(snapshots.map((line) => [line.id, line])) }
}

test.each([
  '{ name: lin-ucb, ridge: 2 }',
  '{ name: lin-thompson, deviation: 0.2 }',
  '{ name: lin-epsilon-greedy }',
])('a decision of %s is made again from its line to the last bit', async (policy) => {
  const { decisions, snapshots } = await play(policy)
  expect(decisions).toHaveLength(60)
  for (const decision of decisions) {
    expect(rederive(decision, snapshots.get(decision.snapshot)!)).toMatchObject({
      difference: 0,
      agrees: true,
    })
  }
  // Another context would not have been answered alike, or nothing was tested.
  const others = decisions.map((decision) =>
    rederive(
      { ...decision, context: { age: 90 - Number(decision.context!['age']), query: 'boots' } },
      snapshots.get(decision.snapshot)!,
    ),
  )
  expect(others.some(({ agrees }) => !agrees)).toBe(true)
})

test('sums over contexts are logged only for a policy that looks at them', async () => {
  const { snapshots } = await play('{ name: thompson }')
  for (const { arms } of snapshots.values())
    for (const { belief } of arms) expect(belief).not.toHaveProperty('linear')
})
