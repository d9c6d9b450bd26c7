import { describe, expect, onTestFinished, test } from 'vitest'
import { StoreUnavailable, type ArmLimits, type EndpointStore } from '../../../bandit/index.ts'
import { createSqliteStore } from '../../../bandit/store/sqlite/sqlite.ts'
import type { ArmConfig } from '../../../gateway/config/endpoint-config.ts'
import { createArmControls } from '../../../gateway/controls/arm-controls.ts'
import { changeArm } from '../../../gateway/controls/change-arm.ts'
import type { ArmChange } from '../../../gateway/controls/parse-change.ts'
import type { NewEvent } from '../../../gateway/events/event.ts'

const arms: ArmConfig[] = [
  { kind: 'model', name: 'a', model: 'a', minShare: 0.1 },
  { kind: 'model', name: 'b', model: 'b', minShare: 0, maxShare: 0.8 },
]
const same = { state: undefined, minShare: undefined, maxShare: undefined } as const
const pause = { ...same, state: 'paused' } as const

const newStore = () => {
  const store = createSqliteStore({ path: ':memory:', clock: () => 1_790_000_000_000 })
  onTestFinished(() => store.close())
  return store.endpoint({ endpoint: 'shop', generation: '00000000', windowMs: 1000, bucketMs: 1000 })
}

const open = (store: Pick<EndpointStore, 'readControls' | 'writeControls'> = newStore()) => {
  const told: NewEvent[] = []
  const steered: (readonly ArmLimits[])[] = []
  const controls = createArmControls({
    endpoint: 'shop',
    arms,
    store,
    agent: {
      steer: (limits) => void steered.push(limits),
      experience: () => arms.map(() => ({ pulls: 0, rewarded: 0 })),
    },
    events: { emit: (event) => void told.push(event) },
  })
  const order = (arm: string, change: ArmChange, by?: string) =>
    controls.update((all) => changeArm(arms, { arm, change, by }, all))
  return { controls, order, told, steered, store }
}

describe('a change', () => {
  test('steers at once and is told once, with who made it', async () => {
    const { order, told, steered } = open()
    expect(await order('a', pause, 'mira')).toBe(true)
    expect(steered.at(-1)!.map(({ excluded }) => excluded)).toEqual([true, false])
    expect(told).toEqual([
      {
        kind: 'arm_paused',
        endpoint: 'shop',
        arm: 'a',
        detail: 'an operator pauses a',
        facts: { min_share: 0.1, max_share: 1, by: 'mira' },
      },
    ])
    expect(await order('a', pause, 'mira')).toBe(false)
    expect(told).toHaveLength(1)
    await order('a', { ...same, state: 'active' })
    expect(told.map(({ kind }) => kind)).toEqual(['arm_paused', 'arm_resumed'])
    expect(steered.at(-1)!.map(({ excluded }) => excluded)).toEqual([false, false])
  })

  test('of shares stays through a pause, and null goes back to the configuration', async () => {
    const { controls, order, told } = open()
    await order('b', { ...same, minShare: 0.2, maxShare: 0.5 })
    await order('b', pause)
    expect(controls.limits()[1]).toEqual({ name: 'b', minShare: 0.2, maxShare: 0.5, excluded: true })
    await order('b', { state: 'active', minShare: null, maxShare: undefined })
    expect(controls.limits()[1]).toEqual({ name: 'b', minShare: 0, maxShare: 0.5, excluded: false })
    expect(told.map(({ kind }) => kind)).toEqual([
      'arm_shares_changed',
      'arm_paused',
      'arm_resumed',
      'arm_shares_changed',
    ])
  })

  test.each([
    ['floors above 1', 'b', { minShare: 0.95, maxShare: 1 }, 'send at most 0.9'],
    ['caps below 1', 'a', { maxShare: 0.15 }, 'send at least 0.2'],
    ['a floor above its cap', 'b', { minShare: 0.85 }, 'above its max_share 0.8'],
  ])('to %s is refused with how to mend it, and nothing is kept', async (_, arm, shares, words) => {
    const { order, store, told } = open()
    await expect(order(arm, { ...same, ...shares })).rejects.toThrow(words)
    expect(await store.readControls()).toEqual({ revision: 0, text: '' })
    expect(told).toEqual([])
  })

  test('with the store away is nobody’s, here least of all', async () => {
    const away = () => Promise.reject(new StoreUnavailable('away'))
    const { controls, order, steered, told } = open({ readControls: away, writeControls: away })
    const before = steered.length
    await expect(order('a', pause)).rejects.toThrow(StoreUnavailable)
    expect(controls.of('a')).toEqual({})
    expect([steered.length, told]).toEqual([before, []])
  })
})

describe('another gateway', () => {
  test('follows with its next turn, and after a restart', async () => {
    const one = open()
    const other = open(one.store)
    await one.order('a', pause)
    const before = other.steered.length
    await other.controls.synchronise()
    expect(other.controls.of('a').paused).toBe(true)
    expect(other.steered).toHaveLength(before + 1)
    expect(other.told).toEqual([])
    await other.controls.synchronise()
    expect(other.steered).toHaveLength(before + 1)
  })

  test('that has not heard of a pause yet ends it all the same', async () => {
    const one = open()
    const other = open(one.store)
    await one.order('a', pause)
    expect(await other.order('a', { ...same, state: 'active' })).toBe(true)
    await one.controls.synchronise()
    expect(one.controls.of('a').paused).toBeUndefined()
  })

  test('that speaks at the same moment of another arm loses nothing and undoes nothing', async () => {
    const one = open()
    const other = open(one.store)
    await Promise.all([one.order('a', pause), other.order('b', { ...same, minShare: 0.3 })])
    await Promise.all([one.controls.synchronise(), other.controls.synchronise()])
    for (const { controls } of [one, other]) {
      expect(controls.limits()).toEqual([
        { name: 'a', minShare: 0.1, maxShare: undefined, excluded: true },
        { name: 'b', minShare: 0.3, maxShare: 0.8, excluded: false },
      ])
    }
  })
})

test('a store that comes back without its last writes is told them again', async () => {
  let current = newStore()
  const gateway = open({
    readControls: (known) => current.readControls(known),
    writeControls: (...args) => current.writeControls(...args),
  })
  await gateway.order('b', { ...same, minShare: 0.3 })
  await gateway.order('a', pause)
  const kept = (await current.readControls())!
  current = newStore()
  await gateway.controls.synchronise()
  const restored = (await current.readControls())!
  expect(restored.text).toBe(kept.text)
  expect(restored.revision).toBeGreaterThan(kept.revision)
  expect(gateway.controls.of('a').paused).toBe(true)
})
