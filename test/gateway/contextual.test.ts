import { expect, onTestFinished, test } from 'vitest'
import { uniformSource } from '../bandit/support/random-source.ts'
import { openContextual } from '../fixtures/contextual-gateway.ts'
import { get, post } from '../fixtures/gateway-app.ts'

const inputs = { pixels: [[0, 1, 2, 3]] }
const features = `{ country: { type: category, values: [DE, FR] }, member: { type: boolean, missing: false } }`
const endpointOf = (policy: string) =>
  `{ arms: { x: { model: m }, y: { model: m } }, policy: ${policy}, context: { features: ${features} } }`

async function open(policy: string) {
  const random = uniformSource(5)
  const opened = await openContextual(endpointOf(policy), { random })
  onTestFinished(opened.close)

  async function predict(context: object) {
    const { status, body } = await post(opened.gateway, '/predict', { inputs, context })
    expect(status).toBe(200)
    return body as { prediction_id: string; arm: string; decision: { propensity: number } }
  }
  const reward = (prediction_id: string, value: number) =>
    post(opened.gateway, '/feedback', { prediction_id, reward: value })
  return { ...opened, random, predict, reward }
}

test.each([
  '{ name: lin-ucb, alpha: 0.5 }',
  '{ name: lin-thompson, deviation: 0.3 }',
  '{ name: lin-epsilon-greedy }',
])('%s sends each country to the arm that serves it best', async (policy) => {
  const { agent, predict, reward, random } = await open(policy)
  let right = 0
  for (let turn = 0; turn < 400; turn++) {
    const country = random() < 0.5 ? 'DE' : 'FR'
    const { prediction_id, arm, decision } = await predict({ country })
    expect(decision.propensity).toBeGreaterThan(0)
    const isRight = (country === 'DE') === (arm === 'x')
    if (turn >= 200 && isRight) right++
    await reward(prediction_id, random() < (isRight ? 0.8 : 0.2) ? 1 : 0)
    if (turn % 10 === 9) await agent.synchronise()
  }
  // Without the context no arm is better than the other, and half of them would be right.
  expect(right / 200).toBeGreaterThan(0.85)
})

test('a correction and a void leave no trace of what they take back', async () => {
  const { store, agent, predict, reward, gateway } = await open('{ name: lin-thompson }')
  const first = await predict({ country: 'DE', member: true })
  const other = await predict({ country: 'unheard of' })
  await reward(first.prediction_id, 0.25)
  const sums = async () => {
    await agent.synchronise()
    return agent
      .decide('AAAAAAAAAAAAAAAA', undefined, Float64Array.of(1, 1, 0, 0, 1))!
      .basis!.snapshot.beliefs.map(({ name, count, linear }) => ({
        name,
        count,
        gram: [...linear!.gram],
        moment: [...linear!.moment],
      }))
  }
  const before = await sums()
  expect(before.reduce((sum, { count }) => sum + count, 0)).toBe(1)
  const learned = before.find(({ count }) => count === 1)!
  // 1, DE, FR, any other country, member
  expect(learned.moment).toEqual([0.25, 0.25, 0, 0, 0.25])
  await reward(other.prediction_id, 1)
  expect(await sums()).not.toEqual(before)
  expect(
    (await post(gateway, '/feedback', { prediction_id: other.prediction_id, void: true })).body,
  ).toMatchObject({
    status: 'void',
  })
  expect(await sums()).toEqual(before)
  expect(store.kind).toBe('sqlite')
})

test('the view is that of the average context, and says what a request may say of itself', async () => {
  const { gateway, agent, predict, reward } = await open('{ name: lin-ucb }')
  const empty = (await get(gateway, '/endpoints/shop')).body
  expect(empty['context']).toEqual({
    dimension: 5,
    features: {
      country: { kind: 'category', values: ['DE', 'FR'], unlisted: 'other' },
      member: { kind: 'boolean', missing: false },
    },
    interactions: [],
  })
  expect(empty['arms']).toMatchObject([
    { mean: 0, share: 0.5, probability_best: 0.5 },
    { mean: 0, share: 0.5, probability_best: 0.5 },
  ])
  for (let turn = 0; turn < 40; turn++) {
    const { prediction_id, arm } = await predict({ country: turn % 2 === 0 ? 'DE' : 'FR' })
    await reward(prediction_id, arm === 'x' ? 0.9 : 0.1)
    await agent.synchronise()
  }
  const [x, y] = (await get(gateway, '/endpoints/shop')).body['arms'] as {
    mean: number
    interval: [number, number]
    share: number
    probability_best: number
  }[]
  expect(x!.mean).toBeCloseTo(0.9, 1)
  expect(x!.interval[0]).toBeLessThan(x!.mean)
  expect(x!.interval[1]).toBeGreaterThan(x!.mean)
  expect(x!.share).toBe(1)
  expect(x!.probability_best).toBeGreaterThan(0.9)
  expect(y!.mean).toBeLessThan(0.4)
})

test.each([
  [{ country: 7 }, 'invalid_field', '/context/country'],
  [{ country: 'DE', member: 'yes' }, 'invalid_field', '/context/member'],
  [{ member: true }, 'missing_field', '/context/country'],
  [undefined, 'missing_field', '/context/country'],
  [{ country: 'DE', 'a/b': 1 }, 'unknown_field', '/context/a~1b'],
  [{ country: ['DE'] }, 'invalid_field', '/context/country'],
])('a context of %j is %s at %s', async (context, code, pointer) => {
  const { gateway, arms } = await open('{ name: lin-ucb }')
  const { status, body } = await post(gateway, '/predict', { inputs, context })
  expect([status, body['code'], body['pointer']]).toEqual([422, code, pointer])
  expect([...arms.values()].every(({ calls }) => calls === 0)).toBe(true)
})

test('the own id of a caller finds the context again', async () => {
  const { gateway, agent } = await open('{ name: lin-ucb }')
  const question = { inputs, context: { country: 'FR' }, id: 'order-9' }
  const first = await post(gateway, '/predict', question)
  const again = await post(gateway, '/predict', question)
  expect(again.body).toMatchObject({ arm: first.body['arm'], decision: { repeated: true } })
  const feedback = { endpoint: 'shop', id: 'order-9', reward: 0.5 }
  expect((await post(gateway, '/feedback', feedback)).body).toMatchObject({ status: 'applied' })
  expect((await post(gateway, '/feedback', feedback)).body).toMatchObject({ status: 'duplicate' })
  await agent.synchronise()
  const counts = agent.view().arms.map(({ effectiveCount }) => effectiveCount)
  expect(Math.min(...counts)).toBe(0)
  expect(Math.max(...counts)).toBe(1)
})

test('nothing is learned of a prediction whose context is not on record', async () => {
  const { gateway, agent, ledger, reward } = await open('{ name: lin-ucb }')
  const decision = agent.decide('AAAAAAAAAAAAAAAA', undefined, Float64Array.of(1, 1, 0, 0, 0))!
  const { status, body } = await reward(ledger.sign(decision), 1)
  expect([status, body['code']]).toEqual([404, 'unknown_prediction'])
  expect(body['detail']).toContain('the context of this prediction is not (or no longer) recorded')
  const taken = await post(gateway, '/feedback', { prediction_id: ledger.sign(decision), void: true })
  expect(taken.status).toBe(404)
})

test('with the store away predictions go on, and say that they are not recorded', async () => {
  const { gateway, store } = await open('{ name: lin-ucb }')
  await store.close()
  const { status, body } = await post(gateway, '/predict', { inputs, context: { country: 'DE' } })
  expect(status).toBe(200)
  expect(body['decision']).toMatchObject({ recorded: false, degraded: true })
})

test('silence teaches its default in its own context, which the truth takes back', async () => {
  let now = 1_790_000_000_000
  const { gateway, agent, close } = await openContextual(
    `{ arms: { x: { model: m } }, policy: { name: lin-ucb }, context: { features: ${features} },
       reward: { window: 10s, default: 0.25, corrections: on, retention: 1h } }`,
    { random: uniformSource(5), clock: () => now },
  )
  onTestFinished(close)
  const ids: string[] = []
  for (const country of ['DE', 'FR'])
    ids.push(
      String((await post(gateway, '/predict', { inputs, context: { country } })).body['prediction_id']),
    )
  const learned = () => {
    const { linear, count } = agent.decide('AAAAAAAAAAAAAAAA', undefined, Float64Array.of(1, 1, 0, 0, 0))!
      .basis!.snapshot.beliefs[0]!
    return { count, moment: [...linear!.moment] }
  }
  await agent.synchronise()
  expect(learned()).toEqual({ count: 0, moment: [0, 0, 0, 0, 0] })
  now += 30_000
  await agent.synchronise()
  await agent.synchronise()
  // 1, DE, FR, any other country, member
  expect(learned()).toEqual({ count: 2, moment: [0.5, 0.25, 0.25, 0, 0] })
  const truth = { prediction_id: ids[0], reward: 1 }
  expect((await post(gateway, '/feedback', truth)).body).toMatchObject({ status: 'applied' })
  await agent.synchronise()
  expect(learned()).toEqual({ count: 2, moment: [1.25, 1, 0.25, 0, 0] })
})
