import { describe, expect, test } from 'vitest'
import { model } from '../fixtures/fake-replica.ts'
import { createHarness } from '../fixtures/harness.ts'
import { settle } from '../fixtures/manual-clock.ts'

describe('replicas that are well', () => {
  test('take turns', async () => {
    const { replicas, call } = await createHarness({ replicas: 3 })
    for (let i = 0; i < 6; i++) {
      const result = call([i])
      for (const { batches } of replicas) batches.at(-1)?.answer()
      await result
    }
    expect(replicas.map(({ batches }) => batches.length)).toEqual([2, 2, 2])
  })

  test('run one batch each, and whichever is free first takes what waits', async () => {
    const { replicas, call } = await createHarness({ replicas: 2 })
    const [first, second] = replicas
    const results = [call([1]), call([2]), call([3]), call([4])]
    expect(replicas.map(({ batches }) => batches.length)).toEqual([1, 1])
    second!.batches[0]!.answer()
    await settle()
    expect(first!.batches).toHaveLength(1)
    expect(second!.batches.map((batch) => batch.rows)).toEqual([1, 2])
    first!.batches[0]!.answer()
    second!.batches[1]!.answer()
    expect(await Promise.all(results)).toEqual([[1], [2], [3], [4]])
  })
})

describe('a replica that breaks down', () => {
  test('its calls are tried once more, one by one, on another', async () => {
    const { replicas, call } = await createHarness({ replicas: 2, maxBatch: 4 })
    const [a, b] = replicas
    const results = [call([1]), call([2]), call([3]), call([4])]
    // b ran [1] and a ran [2]; b takes [3] and [4] together.
    b!.batches[0]!.answer()
    await settle()
    b!.health = 'ill'
    b!.batches[1]!.fail('unreachable')
    await settle()
    a!.batches[0]!.answer()
    await settle()
    a!.batches[1]!.answer()
    await settle()
    a!.batches[2]!.answer()
    expect(await Promise.all(results)).toEqual([[1], [2], [3], [4]])
    expect(a!.batches.map((batch) => batch.rows)).toEqual([1, 1, 1])
  })

  test('a call that brings down two replicas has failed', async () => {
    const { replicas, call } = await createHarness({ replicas: 3 })
    const result = call([1])
    for (let i = 0; i < 2; i++) {
      const broken = replicas.find(({ batches, health }) => batches.length === 1 && health === 'well')!
      broken.health = 'ill'
      broken.batches[0]!.fail('unreachable')
      await settle()
    }
    expect(await result).toBe('unreachable')
    expect(replicas.filter(({ batches }) => batches.length > 0)).toHaveLength(2)
  })

  test('a lone one whose connection broke, but which is well, gets the call once more', async () => {
    const { replicas, call } = await createHarness()
    const result = call([1])
    replicas[0]!.batches[0]!.fail('unreachable')
    await settle()
    replicas[0]!.batches[1]!.answer()
    expect(await result).toEqual([1])
  })

  test('a lone one that is down fails at once what ran and what waited, and is asked no more', async () => {
    const { replicas, call, upstream, clock } = await createHarness()
    const results = [call([1]), call([2]), call([3])]
    replicas[0]!.health = 'ill'
    replicas[0]!.batches[0]!.fail('unreachable')
    expect(await Promise.all(results)).toEqual(['unreachable', 'unreachable', 'unreachable'])
    expect(clock.now()).toBe(0)
    expect(upstream.available()).toBe(false)
    expect(await call([4])).toBe('unreachable')
    expect(replicas[0]!.batches).toHaveLength(1)
    expect(upstream.metadata()).toEqual(model)
  })

  test('is probed after 250 ms, then less often, and serves again once a probe succeeds', async () => {
    const { replicas, call, clock, upstream, changes } = await createHarness()
    const [replica] = replicas
    const probesBefore = replica!.probes
    replica!.health = 'ill'
    const lost = call([1])
    replica!.batches[0]!.fail('overloaded')
    await lost
    await clock.advance(60_000)
    expect(replica!.probes - probesBefore).toBeLessThanOrEqual(63)
    expect(replica!.probes - probesBefore).toBeGreaterThanOrEqual(60)
    replica!.health = 'well'
    await clock.advance(1_000)
    expect(upstream.available()).toBe(true)
    expect(changes).toEqual(['0 suspect', '0 idle'])
    expect(replica!.metadataRequests).toBe(1)
    const result = call([2])
    replica!.batches[1]!.answer()
    expect(await result).toEqual([2])
  })
})

describe('a replica that hangs', () => {
  test('costs the calls in its batch their deadline, and nobody else', async () => {
    const { replicas, call, clock, stuck } = await createHarness({ replicas: 2 })
    const [well, hung] = replicas
    const first = call([1])
    expect(hung!.batches).toHaveLength(1)
    hung!.health = 'ill'
    for (let i = 0; i < 28; i++) {
      const other = call([i])
      await settle()
      well!.batches.at(-1)!.answer()
      expect(await other).toEqual([i])
      await clock.advance(100)
    }
    expect(await first).toBe('timeout')
    expect(hung!.batches).toHaveLength(1)
    expect(stuck).toEqual([1])
  })

  test('with no other to go to its waiting calls stay for as long as it may come back', async () => {
    const { replicas, call, clock, upstream } = await createHarness()
    const [replica] = replicas
    const late = call([1], 100)
    const waiting = call([2], 500)
    await clock.advance(100)
    expect(await late).toBe('timeout')
    expect(upstream.available()).toBe(true)
    replica!.batches[1]!.answer()
    expect(await waiting).toEqual([2])
  })

  test('however often, is asked again as soon as it is well', async () => {
    const { call, clock, upstream } = await createHarness()
    for (let i = 0; i < 10; i++) {
      const late = call([i], 100)
      await clock.advance(100)
      expect(await late).toBe('timeout')
      expect(upstream.available()).toBe(true)
    }
  })

  test('is called stuck once, when it has been busy for two deadlines and 2 s at least', async () => {
    const { replicas, call, clock, stuck } = await createHarness()
    replicas[0]!.health = 'ill'
    const late = call([1], 300)
    await clock.advance(1_900)
    expect(await late).toBe('timeout')
    expect(stuck).toEqual([])
    await clock.advance(1_200)
    expect(stuck).toEqual([0])
    await clock.advance(60_000)
    expect(stuck).toEqual([0])
  })
})
