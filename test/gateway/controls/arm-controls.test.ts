import { describe, expect, onTestFinished, test } from 'vitest'
import { StoreUnavailable, type ArmLimits, type EndpointStore } from '../../../bandit/index.ts'
import { createSqliteStore } from '../../../bandit/store/sqlite.ts'
import { createArmControls } from '../../../gateway/controls/arm-controls.ts'
import type { ArmConfig } from '../../../gateway/config/config.ts'
import type { NewEvent } from '../../../gateway/events/events.ts'

const arms: ArmConfig[] = [
  { kind: 'model', name: 'a', model: 'a', minShare: 0.1 },
  { kind: 'model', name: 'b', model: 'b', minShare: 0, maxShare: 0.8 },
]
const change = { state: undefined, minShare: undefined, maxShare: undefined } as const
const pause = { ...change, state: 'paused' } as const

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
    agent: { steer: (limits) => void steered.push(limits) },
    events: { emit: (event) => void told.push(event) },
  })
  return { controls, told, steered, store }
}

describe('a change', () => {
  test('steers at once and is told once, with who made it', async () => {
    const { controls, told, steered } = open()
    expect(await controls.change('a', pause, 'mira')).toBeUndefined()
    expect(steered.at(-1)!.map(({ excluded }) => excluded)).toEqual([true, false])
    expect(told).toEqual([
      {
        kind: 'arm_paused',
        endpoint: 'shop',
        arm: 'a',
        detail: 'no request goes to a of shop',
        facts: { min_share: 0.1, max_share: 1, by: 'mira' },
      },
    ])
    await controls.change('a', pause, 'mira')
    expect(told).toHaveLength(1)
    await controls.change('a', { ...change, state: 'active' }, undefined)
    expect(told.map(({ kind }) => kind)).toEqual(['arm_paused', 'arm_resumed'])
    expect(steered.at(-1)!.map(({ excluded }) => excluded)).toEqual([false, false])
  })

  test('of shares stays through a pause, and null goes back to the configuration', async () => {
    const { controls, told } = open()
    await controls.change('b', { ...change, minShare: 0.2, maxShare: 0.5 }, undefined)
    await controls.change('b', pause, undefined)
    expect(controls.limits()[1]).toEqual({ name: 'b', minShare: 0.2, maxShare: 0.5, excluded: true })
    await controls.change('b', { state: 'active', minShare: null, maxShare: undefined }, undefined)
    expect(controls.limits()[1]).toEqual({ name: 'b', minShare: 0, maxShare: 0.5, excluded: false })
    expect(told.map(({ kind }) => kind)).toEqual([
      'arm_shares_changed',
      'arm_paused',
      'arm_resumed',
      'arm_shares_changed',
    ])
  })

  test.each([
    ['floors above 1', 'b', { minShare: 0.95, maxShare: 1 }, 'min_share', 'send at most 0.9'],
    ['caps below 1', 'a', { maxShare: 0.15 }, 'max_share', 'send at least 0.2'],
    ['a floor above its cap', 'b', { minShare: 0.85 }, 'min_share', 'above its max_share 0.8'],
  ])('to %s is refused with how to mend it, and nothing is kept', async (_, arm, shares, field, words) => {
    const { controls, store, told } = open()
    const fault = await controls.change(arm, { ...change, ...shares }, undefined)
    expect(fault).toEqual({ field, detail: expect.stringContaining(words) })
    expect(await store.readControls()).toEqual({ revision: 0, text: '' })
    expect(told).toEqual([])
  })

  test('with the store away is nobody’s, here least of all', async () => {
    const away = () => Promise.reject(new StoreUnavailable('away'))
    const { controls, steered, told } = open({ readControls: away, writeControls: away })
    await expect(controls.change('a', pause, undefined)).rejects.toThrow(StoreUnavailable)
    expect(controls.of('a')).toEqual({})
    expect([steered, told]).toEqual([[], []])
  })
})

describe('another gateway', () => {
  test('follows with its next turn, and after a restart', async () => {
    const one = open()
    const other = open(one.store)
    await one.controls.change('a', pause, undefined)
    await other.controls.synchronise()
    expect(other.controls.of('a').paused).toBe(true)
    expect(other.steered).toHaveLength(1)
    expect(other.told).toEqual([])
    await other.controls.synchronise()
    expect(other.steered).toHaveLength(1)
  })

  test('that speaks at the same moment of another arm loses nothing and undoes nothing', async () => {
    const one = open()
    const other = open(one.store)
    await Promise.all([
      one.controls.change('a', pause, undefined),
      other.controls.change('b', { ...change, minShare: 0.3 }, undefined),
    ])
    await Promise.all([one.controls.synchronise(), other.controls.synchronise()])
    for (const { controls } of [one, other]) {
      expect(controls.limits()).toEqual([
        { name: 'a', minShare: 0.1, maxShare: undefined, excluded: true },
        { name: 'b', minShare: 0.3, maxShare: 0.8, excluded: false },
      ])
    }
  })
})

test('a store that comes back without its last writes is told them again, and all agree on them', async () => {
  const one = open()
  await one.controls.change('b', { ...change, minShare: 0.3 }, undefined)
  await one.controls.change('a', pause, undefined)
  const old = await one.store.readControls()
  // The same gateway, on a store that never heard of any of it.
  let current: Pick<EndpointStore, 'readControls' | 'writeControls'> = one.store
  const behind = open({
    readControls: (known) => current.readControls(known),
    writeControls: (...args) => current.writeControls(...args),
  })
  await behind.controls.synchronise()
  current = newStore()
  await behind.controls.synchronise()
  const restored = await current.readControls()
  expect(restored!.text).toBe(old!.text)
  expect(restored!.revision).toBeGreaterThan(old!.revision)
  expect(behind.controls.of('a').paused).toBe(true)
})
