import { expect, onTestFinished, test } from 'vitest'
import { uniformSource } from '../../bandit/support/random-source.ts'
import { openContextual } from '../../fixtures/contextual-gateway.ts'
import { get, post, put } from '../../fixtures/gateway-app.ts'

test('a paused arm drains: what it answered is still learned, and then nothing is waited for', async () => {
  const arms = '{ a: { model: m }, b: { model: m } }'
  const shop = await openContextual(`{ arms: ${arms}, policy: { name: uniform } }`, {
    random: uniformSource(3),
  })
  onTestFinished(() => shop.close())
  const { gateway, agent } = shop
  const armOf = async (name: string) => {
    const { arms: shown } = (await get(gateway, '/endpoints/shop')).body as {
      arms: Record<string, unknown>[]
    }
    return shown.find((arm) => arm['name'] === name)!
  }
  const answers: Record<string, unknown>[] = []
  for (let n = 0; n < 12; n++)
    answers.push((await post(gateway, '/predict/shop', { inputs: { pixels: [[0, 1, 2, 3]] } })).body)
  await put(gateway, '/endpoints/shop/arms/a', { state: 'paused' })
  await agent.synchronise()
  expect(await armOf('a')).toMatchObject({ state: 'paused', draining: true })
  expect(await armOf('b')).not.toHaveProperty('draining')

  const own = answers.filter(({ arm }) => arm === 'a')
  expect(own.length).toBeGreaterThan(2)
  for (const { prediction_id } of own)
    expect((await post(gateway, '/feedback', { prediction_id, reward: 1 })).body).toMatchObject({
      status: 'applied',
    })
  await agent.synchronise()
  const drained = await armOf('a')
  expect(drained).toMatchObject({ state: 'paused', rewarded: own.length, pending: 0 })
  expect(drained).not.toHaveProperty('draining')
})
