import { expect, onTestFinished, test } from 'vitest'
import { toOutcomes } from '../../bandit/evaluate/outcomes.ts'
import { joinLog } from '../../gateway/decision-log/join-log.ts'
import { type LogLine, logLineSchema } from '../../gateway/decision-log/schema.ts'
import { toHistory } from '../../gateway/decision-log/to-history.ts'
import { uniformSource } from '../bandit/support/random-source.ts'
import { openContextual } from '../fixtures/contextual-gateway.ts'
import { get, post } from '../fixtures/gateway-app.ts'

const endpoint = `{ arms: { x: { model: m }, y: { model: m } }, policy: { name: uniform }, sticky: { for: 1d },
    reward: { window: 60s, default: 0.5, penalty: { cost: { x: 0.1 }, most: 0.25 } } }`

async function* each(lines: readonly string[]): AsyncGenerator<LogLine> {
  for (const line of lines) yield logLineSchema.parse(JSON.parse(line))
}

test('what is learned as it happens is what the log says was earned, arm by arm', async () => {
  let now = 1_790_000_000_000
  const { gateway, agent, lines, close } = await openContextual(endpoint, {
    random: uniformSource(4),
    clock: () => now,
  })
  onTestFinished(close)
  const told: unknown[] = []
  for (let turn = 0; turn < 40; turn++) {
    const request = { inputs: { pixels: [[0, 1, 2, 3]] }, key: `user ${turn % 15}` }
    const { prediction_id, arm } = (await post(gateway, '/predict', request)).body
    now += 100
    if (turn % 4 === 0) continue
    const { body } = await post(gateway, '/feedback', { prediction_id, reward: (turn % 2) / 2 })
    expect(body['reward']).toBeCloseTo((turn % 2) / 2 - (arm === 'x' ? 0.1 : 0), 6)
    told.push(body['reward'])
  }
  now += 200_000
  await agent.synchronise()
  await agent.synchronise()
  // One more, so that the log knows that the windows of all others are over.
  await post(gateway, '/predict', { inputs: { pixels: [[0, 1, 2, 3]] } })

  const history = toHistory(await joinLog(each(lines), 'shop'))
  const outcomes = toOutcomes(history).rewards
  const silent = history.decisions.flatMap(({ arms, chosen }, at) =>
    at < 40 && at % 4 === 0 ? [[arms[chosen], outcomes[at]]] : [],
  )
  for (const [arm, reward] of silent) expect(reward).toBeCloseTo(arm === 'x' ? 0.4 : 0.5, 9)
  expect(new Set(history.decisions.slice(0, 40).map(({ unit }) => unit)).size).toBe(15)
  expect(history.learning.bounds).toEqual({ low: -0.25, high: 1 })

  const { arms } = (await get(gateway, '/endpoints/shop')).body as { arms: { name: string; mean: number }[] }
  for (const { name, mean } of arms) {
    const own = Array.from(outcomes.subarray(0, 40)).filter(
      (_, at) => history.decisions[at]!.arms[history.decisions[at]!.chosen] === name,
    )
    const share = own.reduce((sum, reward) => sum + (reward + 0.25) / 1.25, 0)
    // Beta(1, 1) before the first reward.
    expect(mean).toBeCloseTo(-0.25 + (1.25 * (share + 1)) / (own.length + 2), 5)
  }
})
