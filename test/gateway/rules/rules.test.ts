import { describe, expect, onTestFinished, test } from 'vitest'
import { rederive } from '../../../gateway/decision-log/rederive.ts'
import type { DecisionLine, SnapshotLine } from '../../../gateway/decision-log/schema.ts'
import { compileRules } from '../../../gateway/rules/compile-rules.ts'
import { uniformSource } from '../../bandit/support/random-source.ts'
import { openContextual } from '../../fixtures/contextual-gateway.ts'
import { createFakeArm, createFakeEndpoint } from '../../fixtures/fake-endpoint.ts'
import { createTestGateway, post, put } from '../../fixtures/gateway-app.ts'
import { expectProblem } from '../../fixtures/problem.ts'
import { endpointFaults } from '../../fixtures/sound-config.ts'

const inputs = { pixels: [[0, 1, 2, 3]] }
const arms = 'arms: { a: { model: m }, b: { model: m }, c: { model: m } }, policy: { name: uniform }'

const open = async (settings: string) => {
  const shop = await openContextual(`{ ${arms}, ${settings} }`, { random: uniformSource(5) })
  onTestFinished(() => shop.close())
  const ask = (body: object, headers: Record<string, string> = {}) =>
    post(shop.gateway, '/predict/shop', { inputs, ...body }, headers)
  const decisions = () =>
    shop.lines
      .map((line) => JSON.parse(line) as DecisionLine | SnapshotLine)
      .filter(({ type }) => type === 'decision') as DecisionLine[]
  const snapshots = () =>
    shop.lines.map((line) => JSON.parse(line) as SnapshotLine).filter(({ type }) => type === 'snapshot')
  return { ...shop, ask, decisions, snapshots }
}

describe('rules', () => {
  const rules = `rules: [
    { name: beta, when: { header: { X-Beta: "on" } }, arm: c },
    { when: { context: { country: [DE, AT] }, key: [k1, k2] }, arms: [a, b] } ]`

  test('pin an arm, which then has a propensity of 1', async () => {
    const shop = await open(rules)
    for (let i = 0; i < 10; i++) {
      const { body } = await shop.ask({}, { 'x-beta': 'on' })
      expect(body).toMatchObject({ arm: 'c', decision: { propensity: 1, rule: 'beta' } })
    }
    expect(shop.decisions()[0]).toMatchObject({ arms: ['c'], unavailable: ['a', 'b'], rule: 'beta' })
    const text = await (await shop.gateway.app.request('/metrics')).text()
    expect(text).toMatch(/bandit_decisions_total\{[^}]*arm="c"[^}]*reason="rule"[^}]*\} 10/)
  })

  test('narrow the arms that the policy chooses from, where all that they ask for is there', async () => {
    const shop = await open(rules)
    const seen = new Set<unknown>()
    for (let i = 0; i < 30; i++) {
      const { body } = await shop.ask({ context: { country: 'AT' }, key: 'k2' })
      expect(body).toMatchObject({ decision: { propensity: 0.5, rule: 'rule-2' } })
      seen.add(body['arm'])
    }
    expect(seen).toEqual(new Set(['a', 'b']))
    for (const request of [
      { context: { country: 'AT' } },
      { key: 'k1' },
      { context: { country: 'FR' }, key: 'k1' },
    ]) {
      const { body } = await shop.ask(request)
      expect(body['decision']).not.toHaveProperty('rule')
      expect(body).toMatchObject({ decision: { propensity: expect.closeTo(1 / 3, 12) } })
    }
  })

  test('never lead to a paused arm', async () => {
    const shop = await open(rules)
    await put(shop.gateway, '/endpoints/shop/arms/c', { state: 'paused' })
    const answer = await shop.ask({}, { 'x-beta': 'on' })
    expectProblem(answer, 'no_arm_available')
    expect(answer.body['detail']).toContain('rule beta')
    expect((await shop.ask({})).status).toBe(200)
  })
})

test('a rule hands a request to another endpoint, whose own rules are not asked', async () => {
  const lead = (endpoint: string) =>
    compileRules(
      [
        {
          name: 'moved',
          when: { header: {}, context: {}, key: { is: ['old'] } },
          action: { kind: 'endpoint', endpoint },
        },
      ],
      [],
      'digits',
    )
  const [digits, spam] = [
    createFakeEndpoint(),
    createFakeEndpoint({ name: 'spam', arms: [createFakeArm('other')] }),
  ]
  const gateway = createTestGateway([
    { ...digits, rule: lead('spam') },
    { ...spam, rule: lead('digits') },
  ])
  expect((await post(gateway, '/predict/digits', { inputs, key: 'old' })).body).toMatchObject({
    endpoint: 'spam',
    arm: 'other',
    decision: { propensity: 1, rule: 'moved' },
  })
  expect((await post(gateway, '/predict/digits', { inputs, key: 'new' })).body).toMatchObject({
    endpoint: 'digits',
  })
})

describe('rules are refused with how to mend them', () => {
  const written = (rule: string) =>
    `models: { m: { onnx: ./m.onnx } }\nendpoints: { e: { ${arms}, rules: [${rule}] }, f: { arms: { a: { model: m } } } }\n`

  test.each([
    ['{ when: { key: x }, arm: aa }', 'rules.0.arm: there is no arm "aa": did you mean a?'],
    ['{ when: { key: x }, arms: [a, zzz] }', 'rules.0.arms.1: there is no arm "zzz": there are a, b, c'],
    ['{ when: { key: x }, endpoint: e }', 'rules.0.endpoint: it leads back'],
    ['{ when: { key: x }, endpoint: gg }', 'rules.0.endpoint: there is no endpoint "gg"'],
    ['{ when: { key: x } }', 'rules.0: a rule leads to an arm'],
    ['{ when: { key: x }, arm: a, endpoint: f }', 'rules.0: a rule leads to an arm'],
    ['{ when: {}, arm: a }', 'rules.0.when: it would fit every request'],
    ['{ when: { header: {} }, arm: a }', 'rules.0.when: it would fit every request'],
    ['{ when: { header: { x: {} } }, arm: a }', 'rules.0.when.header.x: it asks for nothing'],
    [
      '{ when: { context: { age: { at_least: 9, below: 9 } } }, arm: a }',
      'when.context.age: there is no number',
    ],
    ['{ when: { key: { percent: 0 } }, arm: a }', 'rules.0.when.key'],
    ['{ when: { key: { percent: 101 } }, arm: a }', 'rules.0.when.key'],
    ['{ when: { key: { below: 3 } }, arm: a }', 'rules.0.when.key'],
  ])('%s', (rule, fault) => {
    expect(endpointFaults(written(rule))).toEqual([expect.stringContaining(fault)])
  })
})

test('a rule by a context that every request is refused with would never fit, unless another endpoint takes it', () => {
  const faults = (rule: string) =>
    endpointFaults(
      `endpoints: { e: { arms: { a: { value: 1 }, b: { value: 2 } }, policy: { name: lin-ucb },
        context: { features: { country: { type: category, values: [DE] } } }, rules: [${rule}] },
        f: { arms: { a: { value: 1 } } } }`,
    )
  expect(faults('{ when: { context: { contry: DE } }, arm: a }')).toEqual([
    'rules.0.when.context.contry: no request has contry, as the context of the endpoint does not: did you mean country?',
  ])
  expect(faults('{ when: { context: { country: DE } }, arm: a }')).toEqual([])
  expect(faults('{ when: { context: { plan: pro } }, endpoint: f }')).toEqual([])
})

describe('a sticky key', () => {
  test('gets the same arm each time, with the propensity that the policy gave, and can be made again', async () => {
    const shop = await open('sticky: { for: 30d }')
    const first = new Map<string, unknown>()
    for (let i = 0; i < 60; i++) {
      const key = `user-${i % 20}`
      const { body } = await shop.ask({ key })
      expect(body).toMatchObject({ decision: { propensity: expect.closeTo(1 / 3, 12) } })
      if (!first.has(key)) first.set(key, body['arm'])
      expect(body['arm']).toBe(first.get(key))
    }
    expect(new Set(first.values()).size).toBe(3)
    const snapshots = new Map(shop.snapshots().map((line) => [line.id, line]))
    for (const decision of shop.decisions()) {
      expect(rederive(decision, snapshots.get(decision.snapshot)!).agrees).toBe(true)
    }
  })

  test('of a paused arm goes elsewhere and nobody else does, and comes back when it is resumed', async () => {
    const shop = await open('sticky: { for: 30d }')
    const keys = Array.from({ length: 40 }, (_, n) => `user-${n}`)
    const armsOf = () => Promise.all(keys.map(async (key) => (await shop.ask({ key })).body['arm']))
    const before = await armsOf()
    await put(shop.gateway, '/endpoints/shop/arms/b', { state: 'paused' })
    const during = await armsOf()
    for (const [at, arm] of during.entries()) {
      if (before[at] === 'b') expect(arm).not.toBe('b')
      else expect(arm).toBe(before[at])
    }
    await put(shop.gateway, '/endpoints/shop/arms/b', { state: 'active' })
    expect(await armsOf()).toEqual(before)
  })

  test('is for requests that have one', async () => {
    const shop = await open('sticky: { for: 30d }')
    const seen = new Set<unknown>()
    for (let i = 0; i < 40; i++) seen.add((await shop.ask({})).body['arm'])
    expect(seen.size).toBe(3)
    expect(shop.decisions().some((line) => line.sticky !== undefined)).toBe(false)
  })
})
