import { Registry } from 'prom-client'
import { describe, expect, test } from 'vitest'
import { createShadows, type Shadow, type ShadowsDeps } from '../../../gateway/shadows/shadows.ts'
import { createShadowMetrics } from '../../../gateway/telemetry/metrics/shadow-metrics.ts'
import { waitUntil } from '../../support/wait-until.ts'
import { createFakeArm, createFakeEndpoint, labels, type FakeArm } from '../../fixtures/fake-endpoint.ts'
import { createTestGateway, post } from '../../fixtures/gateway-app.ts'
import { quietLogger } from '../../fixtures/quiet-logger.ts'

const inputs = { pixels: [[0, 1, 2, 3]] }
const key = 'key-000000000001'
const fromLabels = {
  ledger: 'stored',
  reward: { from: 'label', output: 'label', windowMs: 1000, default: undefined, combine: 'first' },
} as const

const shadowOf = (arm: FakeArm, changed: Partial<Shadow> = {}): Shadow => ({
  name: arm.name,
  model: arm.name,
  share: 1,
  concurrency: 2,
  deadlineMs: 100,
  compare: undefined,
  tolerance: undefined,
  subject: `model:${arm.name}`,
  arm: { available: () => arm.available(), infer: (...request) => arm.infer(...request) },
  ...changed,
})

function openShadows(shadows: readonly Shadow[], changed: Partial<ShadowsDeps> = {}) {
  const registry = new Registry()
  const recorded: [string, unknown][] = []
  const run = createShadows({
    endpoint: 'digits',
    shadows,
    labelOutput: 'label',
    ledger: { recordShadows: async (of, others) => void recorded.push([of, others]) },
    metrics: createShadowMetrics(registry),
    logger: quietLogger,
    random: () => 0.5,
    monotonic: () => performance.now(),
    ...changed,
  })
  const offer = (ran: readonly string[] = ['model:first']) =>
    run.offer({ decision: { key }, inputs: [], tensors: labels([7]), ran: new Set(ran) })
  /** How many copies ended so, by shadow. */
  const ended = async (outcome: string, shadow = 'shadow') => {
    const { values } = (await registry.getSingleMetric('bandit_shadow_requests_total')!.get()) as {
      values: { value: number; labels: Record<string, string> }[]
    }
    return (
      values.find((each) => each.labels['outcome'] === outcome && each.labels['shadow'] === shadow)?.value ??
      0
    )
  }
  const settled = (outcome: string, count = 1) =>
    waitUntil(async () => (await ended(outcome)) === count, { what: `${count} copies are ${outcome}` })
  return { run, offer, ended, settled, recorded }
}

test('an answer does not wait for its shadows, and does not change by them', async () => {
  const first = createFakeArm('first', labels([7]))
  const shadow = createFakeArm('shadow')
  const hanging = Promise.withResolvers<{ outputs: ReturnType<typeof labels> }>()
  shadow.infer = () => hanging.promise
  const { run, ended, settled } = openShadows([shadowOf(shadow)])
  const endpoint = createFakeEndpoint({ arms: [first] })
  const { body } = await post(createTestGateway([{ ...endpoint, shadows: run }]), '/predict', { inputs })
  expect(body).toMatchObject({ arm: 'first', outputs: { label: [7] } })
  expect(await ended('answered')).toBe(0)
  hanging.resolve({ outputs: labels([3]) })
  await settled('answered')
  expect(run.view()).toEqual([{ name: 'shadow', share: 1, compared: 1, agreed: 0 }])
  expect(endpoint.agent.settled).toEqual([{ arm: 'first', as: 'answered' }])
})

test('what a shadow said is on record, for the true label to score it', async () => {
  const shadow = createFakeArm('shadow', labels([3]))
  const endpoint = createFakeEndpoint({ arms: [createFakeArm('first')], settings: fromLabels })
  const { run, settled } = openShadows([shadowOf(shadow)], { ledger: endpoint.ledger })
  await post(createTestGateway([{ ...endpoint, shadows: run }]), '/predict', { inputs })
  await settled('answered')
  await waitUntil(() => endpoint.store.records.size === 2, { what: 'the shadow is on record' })
  const [decided] = endpoint.agent.decided
  expect(endpoint.store.records.get(`${decided!.key}/shadows`)).toBe('{"model:shadow":[3]}')
})

test('an ensemble as a shadow is scored with its members, but for what the arm said already', async () => {
  const committee = createFakeArm('committee')
  const said = [
    { model: 'first', outputs: labels([7]) },
    { model: 'other', outputs: labels([4]) },
  ]
  committee.infer = () => Promise.resolve({ outputs: labels([3]), said })
  const { offer, recorded } = openShadows([shadowOf(committee, { name: 'shadow', subject: 'arm:committee' })])
  offer()
  await waitUntil(() => recorded.length === 1, { what: 'it is on record' })
  expect(recorded).toEqual([[key, { 'model:other': [4], 'arm:committee': [3] }]])
})

test('members that were outrun are on record when they have answered, with no shadow at all', async () => {
  const first = createFakeArm('first')
  const later = Promise.resolve([{ model: 'slow', outputs: labels([4]) }])
  first.infer = () =>
    Promise.resolve({ outputs: labels([7]), said: [{ model: 'quick', outputs: labels([7]) }], later })
  const endpoint = createFakeEndpoint({ arms: [first], settings: fromLabels })
  const { run } = openShadows([], { ledger: endpoint.ledger })
  const told: unknown[] = []
  const decisionLog = {
    decided: () => {},
    labelled: (_: unknown, said: unknown) => void told.push(said),
  }
  await post(createTestGateway([{ ...endpoint, shadows: run }], { decisionLog }), '/predict', { inputs })
  await waitUntil(() => endpoint.store.records.size === 2, { what: 'it is on record' })
  const [decided] = endpoint.agent.decided
  expect(endpoint.store.records.get(`${decided!.key}/shadows`)).toBe('{"model:slow":[4]}')
  expect(told).toEqual([
    { 'model:first': [7], 'model:quick': [7] },
    { 'model:first': [7], 'model:slow': [4] },
  ])
})

describe('a copy is not made', () => {
  test('beyond its share', () => {
    const arm = createFakeArm('shadow')
    const draws = [0.1, 0.3]
    const { offer } = openShadows([shadowOf(arm, { share: 0.2 })], { random: () => draws.shift()! })
    offer()
    offer()
    expect(draws).toEqual([])
    return waitUntil(() => arm.calls === 1, { what: 'one copy is asked for' })
  })

  test('of what has answered already', async () => {
    const { offer, ended } = openShadows([shadowOf(createFakeArm('shadow'))])
    offer(['arm:committee', 'model:shadow'])
    await new Promise((resolve) => void setImmediate(resolve))
    expect(await ended('answered')).toBe(0)
  })

  test('while as many are under way as may be, while it is down, and under overload', async () => {
    const arm = createFakeArm('shadow')
    const hanging = Promise.withResolvers<{ outputs: ReturnType<typeof labels> }>()
    arm.infer = () => hanging.promise
    let frugal = false
    const { offer, ended, settled } = openShadows([shadowOf(arm)], { isFrugal: () => frugal })
    for (let n = 0; n < 3; n++) offer()
    expect(await ended('dropped')).toBe(1)
    hanging.resolve({ outputs: labels([7]) })
    await settled('answered', 2)
    arm.isUp = false
    offer()
    expect(await ended('unavailable')).toBe(1)
    frugal = true
    offer()
    expect(await ended('spared')).toBe(1)
  })
})

test('what goes wrong with a copy is counted as the shadow’s own and ends there', async () => {
  const arm = createFakeArm('shadow', 'timeout')
  const unrecorded = () => Promise.reject(new Error('no connection'))
  const { offer, settled, run } = openShadows([shadowOf(arm)], { ledger: { recordShadows: unrecorded } })
  offer()
  await settled('late')
  arm.behaviour = new Error('broken')
  offer()
  await settled('failed')
  arm.behaviour = labels([7])
  offer()
  await settled('unrecorded')
  expect(run.view()).toMatchObject([{ compared: 1, agreed: 1 }])
})
