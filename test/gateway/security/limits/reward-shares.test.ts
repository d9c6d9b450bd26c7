import { describe, expect, test } from 'vitest'
import type { KeyConfig } from '../../../../gateway/config/access/auth-config.ts'
import { demandShares } from '../../../../gateway/security/limits/demand-shares.ts'
import { createRewardShares } from '../../../../gateway/security/limits/reward-shares.ts'
import { accessByScope, bearer, newKey } from '../../../fixtures/access.ts'
import { createFakeEndpoint } from '../../../fixtures/fake-endpoint.ts'
import { createTestGateway, post } from '../../../fixtures/gateway-app.ts'
import { soundConfig, faultLines } from '../../../fixtures/sound-config.ts'

const hourMs = 3_600_000
const caller = (name: string) => ({ name, label: name, scopes: new Set(['feedback'] as const) })

function open(most = 0.2, after = 100) {
  const clock = { now: 0 }
  const shares = createRewardShares({ config: { most, after }, monotonic: () => clock.now })
  const teach = (name: string, times: number, endpoint = 'shop') =>
    Array.from({ length: times }, () => shares.take(caller(name), endpoint)).filter((room) => room).length
  return { clock, shares, teach }
}

const others = ['b', 'c', 'd', 'e', 'f']

describe('a share of the rewards', () => {
  test('is never passed once there are enough of them, however many are sent at once', () => {
    const { teach } = open()
    for (const name of others) expect(teach(name, 160)).toBe(160)
    // 200 of 1,000 are a fifth.
    expect(teach('greedy', 5000)).toBe(200)
    expect(teach('greedy', 1)).toBe(0)
    for (const name of others) expect(teach(name, 40)).toBe(40)
  })

  test('holds nobody while there are few rewards, or from one key alone', () => {
    const { teach } = open()
    expect(teach('a', 60) + teach('b', 39)).toBe(99)
    const alone = open()
    expect(alone.teach('only', 5000)).toBe(5000)
  })

  test('is of each endpoint, and of the last hour', () => {
    const { clock, teach } = open()
    for (const name of others) teach(name, 80)
    expect(teach('greedy', 400)).toBe(100)
    expect(teach('greedy', 50, 'other')).toBe(50)
    clock.now = hourMs
    expect(teach('greedy', 50)).toBe(50)
  })

  test('holds over every hour of a day on which one key sends half of all that is sent', () => {
    const { clock, shares } = open(0.2, 100)
    const taken: { readonly hour: number; readonly name: string }[] = []
    for (let minute = 0; minute < 24 * 60; minute++) {
      clock.now = minute * 60_000
      for (const name of others.flatMap((other) => [other, 'greedy']))
        if (shares.take(caller(name), 'shop') !== undefined)
          taken.push({ hour: Math.floor(minute / 60), name })
    }
    for (let hour = 1; hour < 24; hour++) {
      const within = taken.filter((each) => each.hour === hour)
      const own = within.filter(({ name }) => name === 'greedy').length
      expect(within.length - own).toBe(300)
      expect(own / within.length).toBeLessThanOrEqual(0.2)
      expect(own / within.length).toBeGreaterThan(0.15)
    }
  })

  test('of few keys is the average, so that they do not stop each other', () => {
    const { shares } = open(0.2, 100)
    const learned: Record<string, number> = {}
    for (let round = 0; round < 1000; round++) {
      for (const name of ['honest', 'greedy', 'greedy', 'other', 'greedy'])
        if (shares.take(caller(name), 'shop') !== undefined) learned[name] = (learned[name] ?? 0) + 1
    }
    expect(learned['honest']! + learned['other']!).toBe(2000)
    expect(learned['greedy']! / (learned['greedy']! + 2000)).toBeCloseTo(1 / 3, 2)
  })

  test('is not that of a key which has its own', () => {
    const { shares, teach } = open()
    const ours = { ...caller('ours'), rewardShare: 1 }
    for (let each = 0; each < 800; each++) expect(shares.take(ours, 'shop')).toBeDefined()
    expect(teach('greedy', 5000)).toBe(200)
    expect(shares.take(ours, 'shop')).toBeDefined()
    const little = { ...caller('little'), rewardShare: 0.01 }
    const rooms = Array.from({ length: 100 }, () => shares.take(little, 'shop')).filter((room) => room)
    expect(rooms).toHaveLength(10)
  })

  test('is given back for what taught nothing', () => {
    const { shares, teach } = open()
    for (const name of others) teach(name, 80)
    for (let each = 0; each < 1000; each++) shares.take(caller('greedy'), 'shop')!.giveBack()
    expect(teach('greedy', 400)).toBe(100)
  })
})

test('a key beyond its share is told so, line by line, and what it sends is counted apart', async () => {
  const [honest, greedy] = [newKey('honest', { rewardShare: 1 }), newKey('greedy')]
  const { access } = accessByScope([honest.config, greedy.config])
  const rewardShares = createRewardShares({ config: { most: 0.5, after: 4 }, monotonic: () => 0 })
  const gateway = createTestGateway([createFakeEndpoint()], { access: { ...access, rewardShares } })
  const lines = (count: number) =>
    Array.from({ length: count }, (_, at) => ({ endpoint: 'digits', id: `${at}`, reward: 1 }))
  await post(gateway, '/feedback', lines(4), bearer(honest.key))
  const batch = await post(gateway, '/feedback', lines(6), bearer(greedy.key))
  expect(batch.body).toMatchObject({
    counts: { applied: 4, beyond_share: 2 },
    refused: [{ line: 5, status: 429, code: 'reward_share_exceeded' }, { line: 6 }],
  })
  expect(gateway.learner.learned).toHaveLength(8)
  const one = await post(gateway, '/feedback', lines(1)[0], bearer(greedy.key))
  expect([one.status, one.headers.get('retry-after')]).toEqual([429, '300'])
  const metrics = await gateway.registry.metrics()
  expect(metrics).toMatch(/bandit_feedback_total\{[^}]*outcome="beyond_share"\} 3/)
  expect(metrics).toContain('bandit_feedback_beyond_share_total{key="greedy",endpoint="digits"} 3')

  gateway.learner.answer = () => ({ status: 'duplicate', endpoint: 'digits', arm: 'first' })
  await post(gateway, '/feedback', lines(20), bearer(honest.key))
  gateway.learner.answer = () => ({ status: 'applied', endpoint: 'digits', arm: 'first' })
  expect((await post(gateway, '/feedback', lines(1)[0], bearer(greedy.key))).status).toBe(429)
})

const config = (share: string) =>
  `models: { m: { onnx: ./m.onnx } }\nendpoints: { e: { arms: { a: { model: m } } } }\nauth: { keys: [{ name: k, sha256: ${'a'.repeat(64)}, scopes: [feedback] }], reward_share: ${share} }\n`

test('keys that may not teach everything together are told so at the start', () => {
  const auth = (keys: readonly KeyConfig[], most = 0.2) => ({
    auth: { keys, rewardShare: { most, after: 500 } },
  })
  const [a, b, c] = ['a', 'b', 'c'].map((name) => newKey(name).config) as [KeyConfig, KeyConfig, KeyConfig]
  expect(() => demandShares(auth([a, b, c]))).toThrow(
    'the 3 keys for feedback may teach 60 % together, and the rest of what they send would be lost: raise most to 0.34,',
  )
  for (const sound of [
    auth([a]),
    auth([a, b, c], 0.34),
    auth([a, b, { ...c, rewardShare: 1 }]),
    { auth: { ...auth([a, b]).auth, keysFile: '/keys.yaml' } },
    {},
  ])
    expect(() => demandShares(sound)).not.toThrow()
})

test('it is configured, and off unless it is', () => {
  expect(soundConfig(config('{}')).auth).toMatchObject({ rewardShare: { most: 0.2, after: 500 } })
  expect(soundConfig(config('{ most: 0.5, after: 10 }')).auth).toMatchObject({
    rewardShare: { most: 0.5, after: 10 },
  })
  expect(faultLines(config('{ most: 2 }'))).toEqual([expect.stringContaining('auth.reward_share.most')])
})
