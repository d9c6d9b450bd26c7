import { describe, expect, test } from 'vitest'
import { model } from '../fixtures/fake-replica.ts'
import { createHarness } from '../fixtures/harness.ts'
import { settle, soFar } from '../fixtures/manual-clock.ts'

describe('replicas that come and go', () => {
  test('there is nobody to ask, and nothing known of the model, before the first', async () => {
    const { upstream, call, addReplica } = await createHarness({ replicas: 0 })
    expect(upstream.available()).toBe(false)
    expect(upstream.metadata()).toBeUndefined()
    expect(await call([1])).toBe('unreachable')
    const replica = await addReplica(0)
    expect(upstream.metadata()).toEqual(model)
    const result = call([2])
    replica.batches[0]!.answer()
    expect(await result).toEqual([2])
  })

  test('one that is taken away finishes its batch and gets no other', async () => {
    const { upstream, replicas, call } = await createHarness({ replicas: 2 })
    const [a, b] = replicas
    const first = call([1])
    void upstream.replicaGone(1)
    expect(b!.closed).toBe(false)
    const others = [call([2]), call([3])]
    b!.batches[0]!.answer()
    expect(await first).toEqual([1])
    expect(b!.closed).toBe(true)
    a!.batches[0]!.answer()
    await settle()
    a!.batches[1]!.answer()
    expect(await Promise.all(others)).toEqual([[2], [3]])
    expect(b!.batches).toHaveLength(1)
  })

  test('calls that a dying one had not been sent yet go to another without losing their try', async () => {
    const { upstream, replicas, call } = await createHarness({ replicas: 2 })
    const [a, b] = replicas
    const results = [call([1]), call([2]), call([3])]
    void upstream.replicaGone(0)
    a!.batches[0]!.fail('unreachable')
    b!.batches[0]!.answer()
    await settle()
    b!.batches[1]!.answer()
    await settle()
    b!.batches[2]!.fail('unreachable')
    await settle()
    b!.batches[3]!.answer()
    expect(await Promise.all(results)).toEqual([[1], [2], [3]])
  })

  test('with the last one gone whoever waits is told', async () => {
    const { upstream, replicas, call } = await createHarness()
    const results = [call([1]), call([2])]
    void upstream.replicaGone(0)
    expect(await results[1]).toBe('unreachable')
    replicas[0]!.batches[0]!.answer()
    expect(await results[0]).toEqual([1])
    expect(upstream.available()).toBe(false)
  })

  test('with the last one gone a batch that breaks is not tried again', async () => {
    const { upstream, replicas, call } = await createHarness()
    const result = call([1])
    void upstream.replicaGone(0)
    replicas[0]!.batches[0]!.fail('unreachable')
    expect(await soFar(result)).toBe('unreachable')
    expect(replicas[0]!.closed).toBe(true)
  })

  test('one that serves another signature is refused until it serves the right one', async () => {
    const { upstream, replicas, clock, changes } = await createHarness()
    const other = { ...model, inputs: [{ name: 'x', datatype: 'FP32' as const, shape: [-1, 3] }] }
    const settled = upstream.replicaReady({ index: 1, socket: 'replica-1' })
    replicas[1]!.metadataToSend = other
    expect(await settled).toBe(false)
    void upstream.replicaGone(0)
    expect(upstream.available()).toBe(false)
    replicas[1]!.metadataToSend = model
    await clock.advance(60_000)
    expect(upstream.available()).toBe(true)
    expect(changes).toEqual(['1 refused', '0 gone', '1 idle'])
  })

  test('one that never answers a probe is settled when it is taken away', async () => {
    const { upstream, replicas } = await createHarness()
    const settled = upstream.replicaReady({ index: 1, socket: 'replica-1' })
    replicas[1]!.health = 'ill'
    void upstream.replicaGone(1)
    expect(await settled).toBe(false)
  })

  test('a new one of the same index takes the place of the old', async () => {
    const { replicas, call, addReplica } = await createHarness()
    const replica = await addReplica(0)
    expect(replicas[0]!.closed).toBe(true)
    const result = call([1])
    replica.batches[0]!.answer()
    expect(await result).toEqual([1])
  })

  test('closing fails what runs and what waits, and closes every connection', async () => {
    const { upstream, replicas, call, clock } = await createHarness({ replicas: 2 })
    const results = [call([1]), call([2]), call([3])]
    await upstream.close()
    expect(await Promise.all(results)).toEqual(['unreachable', 'unreachable', 'unreachable'])
    expect(await call([4])).toBe('unreachable')
    expect(replicas.map(({ closed }) => closed)).toEqual([true, true])
    expect(clock.pending).toBe(0)
  })
})
