import { expect, onTestFinished, test } from 'vitest'
import type { Identification } from '../../../bandit/index.ts'
import { createEvents } from '../../../gateway/events/events.ts'
import { watchWinner } from '../../../gateway/events/watch-winner.ts'
import { uniformSource } from '../../bandit/support/random-source.ts'
import { openContextual } from '../../fixtures/contextual-gateway.ts'
import { post } from '../../fixtures/gateway-app.ts'

function listen() {
  let id = 0
  const events = createEvents({ clock: () => 1_000_000, createId: () => `${++id}` })
  const told: string[] = []
  events.listen(({ kind, endpoint, arm, facts }) => {
    expect(facts).toEqual({ statistic: expect.any(Number), threshold: expect.any(Number) })
    told.push(`${kind} ${endpoint} ${arm}`)
  })
  return { events, told }
}

test('a verdict is told when it changes, and not the one that was there at the start', () => {
  const { events, told } = listen()
  let verdict: Identification | undefined
  const look = watchWinner({ name: 'shop', agent: { identification: () => verdict } }, events)
  const found = (leader: string) => ({ leader, statistic: 9, threshold: 8, decided: true })
  const open = { leader: 'a', statistic: 3, threshold: 8, decided: false }
  const steps = [undefined, found('a'), found('a'), open, open, found('a'), found('b'), undefined, found('b')]
  for (verdict of steps) look()
  expect(told).toEqual([
    'winner_lost shop a',
    'winner_found shop a',
    'winner_lost shop a',
    'winner_found shop b',
  ])
})

test('the stopping rule of a real endpoint finds the best arm, and loses it when its rewards turn', async () => {
  const random = uniformSource(5)
  const { gateway, agent, close } = await openContextual(
    `{ arms: { x: { model: m }, y: { model: m } }, policy: { name: uniform, stop: { confidence: 0.95 } } }`,
    { random },
  )
  onTestFinished(close)
  const { events, told } = listen()
  const look = watchWinner({ name: 'shop', agent }, events)
  async function play(times: number, means: Readonly<Record<string, number>>) {
    for (let turn = 0; turn < times; turn++) {
      const { body } = await post(gateway, '/predict', { inputs: { pixels: [[0, 1, 2, 3]] } })
      const reward = random() < means[String(body['arm'])]! ? 1 : 0
      await post(gateway, '/feedback', { prediction_id: body['prediction_id'], reward })
    }
    await agent.synchronise()
    look()
  }
  look()
  await play(80, { x: 0.9, y: 0.1 })
  expect(told).toEqual(['winner_found shop x'])
  await play(80, { x: 0.1, y: 0.9 })
  expect(told).toEqual(['winner_found shop x', 'winner_lost shop x'])
})
