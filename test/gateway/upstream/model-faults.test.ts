import { expect, test } from 'vitest'
import { model } from './fixtures/fake-replica.ts'
import { createHarness } from './fixtures/harness.ts'
import { settle } from './fixtures/manual-clock.ts'
import { doubles, floats } from './fixtures/tensors.ts'

test.each(['rejected', 'bad_output'] as const)(
  'a batch that is %s is done again call by call, so that one fails alone',
  async (code) => {
    const { replicas, call, upstream } = await createHarness()
    const { batches } = replicas[0]!
    const results = [call([1]), call([2]), call([3]), call([4])]
    batches[0]!.answer()
    await settle()
    batches[1]!.fail(code)
    await settle()
    batches[2]!.answer()
    await settle()
    batches[3]!.fail(code)
    await settle()
    batches[4]!.answer()
    expect(await Promise.all(results)).toEqual([[1], [2], code, [4]])
    expect(batches.map((batch) => batch.rows)).toEqual([1, 3, 1, 1, 1])
    expect(upstream.available()).toBe(true)
  },
)

test('a call that was timed out is not done again', async () => {
  const { replicas, call, clock } = await createHarness()
  const { batches } = replicas[0]!
  const results = [call([1]), call([2], 50), call([3])]
  batches[0]!.answer()
  await settle()
  await clock.advance(50)
  batches[1]!.fail('rejected')
  await settle()
  expect(batches.map((batch) => batch.rows)).toEqual([1, 2, 1])
  batches[2]!.answer()
  expect(await Promise.all(results)).toEqual([[1], 'timeout', [3]])
})

test('NaN is no answer, and no fault of the calls beside it', async () => {
  const { replicas, call } = await createHarness()
  const { batches } = replicas[0]!
  const results = [call([1]), call([2]), call([3])]
  batches[0]!.answer()
  await settle()
  batches[1]!.answer([doubles('sum', [Number.NaN, 3])])
  expect(await Promise.all(results)).toEqual([[1], 'bad_output', [3]])
})

test('nor is it a reason to leave the replica alone: anybody may send what the model has no number for', async () => {
  const { replicas, call, upstream } = await createHarness()
  for (let sent = 0; sent < 30; sent++) {
    const result = call([1])
    replicas[0]!.batches.at(-1)!.answer([doubles('sum', [Number.NaN])])
    expect(await result).toBe('bad_output')
  }
  expect(upstream.available()).toBe(true)
})

test.each([
  ['is missing', []],
  ['is of another type', [floats('sum', [[1]])]],
  ['has another rank', [{ ...doubles('sum', [1]), shape: [1, 1] }]],
])('an answer whose output %s is bad', async (_, outputs) => {
  const { replicas, call } = await createHarness()
  const result = call([1])
  replicas[0]!.batches[0]!.answer(outputs)
  expect(await result).toBe('bad_output')
})

test('an answer whose rows are of another width is bad', async () => {
  const { replicas, call } = await createHarness({
    metadata: { ...model, outputs: [{ name: 'sum', datatype: 'FP32', shape: [-1, 2] }] },
  })
  for (const [row, result] of [
    [[1], 'bad_output'],
    [
      [1, 2],
      [1, 2],
    ],
  ] as const) {
    const asked = call([1])
    replicas[0]!.batches.at(-1)!.answer([floats('sum', [row])])
    expect(await asked).toEqual(result)
  }
})

test('outputs come in the order of the metadata, without those that are not in it', async () => {
  const { replicas, upstream, clock } = await createHarness({
    metadata: { ...model, outputs: [...model.outputs, { name: 'label', datatype: 'FP32', shape: [-1, 1] }] },
  })
  const result = upstream.infer([floats('x', [[1, 2]])], clock.now() + 100)
  replicas[0]!.batches[0]!.answer([doubles('extra', [0, 0, 0]), floats('label', [[7]]), doubles('sum', [3])])
  expect((await result).map(({ name }) => name)).toEqual(['sum', 'label'])
})

test('a replica that answers nothing but nonsense rests, each time for longer, until it answers well', async () => {
  const { replicas, call, clock, upstream, changes } = await createHarness()
  const { batches } = replicas[0]!
  const failOnce = async () => {
    const result = call([1])
    batches.at(-1)!.fail('bad_output')
    return result
  }
  for (let i = 0; i < 4; i++) expect(await failOnce()).toBe('bad_output')
  expect(upstream.available()).toBe(true)
  await failOnce()
  expect(upstream.available()).toBe(false)
  expect(await call([1])).toBe('unreachable')
  await clock.advance(4_999)
  expect(upstream.available()).toBe(false)
  await clock.advance(1)
  expect(upstream.available()).toBe(true)

  await failOnce()
  await clock.advance(9_999)
  expect(upstream.available()).toBe(false)
  await clock.advance(1)
  expect(changes).toEqual(['0 resting', '0 idle', '0 resting', '0 idle'])

  for (let i = 0; i < 3; i++) {
    const good = call([1])
    batches.at(-1)!.answer()
    await good
  }
  for (let i = 0; i < 4; i++) await failOnce()
  expect(upstream.available()).toBe(true)
})

test('one that rests is asked again at once when there is nobody else', async () => {
  const { replicas, call, upstream, changes } = await createHarness()
  const { batches } = replicas[0]!
  for (let i = 0; i < 5; i++) {
    const result = call([1])
    batches.at(-1)!.fail('bad_output')
    await result
  }
  expect(upstream.available()).toBe(false)
  expect(upstream.wake()).toBe(true)
  const good = call([1])
  batches.at(-1)!.answer()
  expect(await good).toEqual([1])
  expect(changes).toEqual(['0 resting', '0 idle'])
  void upstream.replicaGone(0)
  expect(upstream.wake()).toBe(false)
})

test('inputs that the model refuses are never the fault of a replica', async () => {
  const { replicas, call, upstream } = await createHarness()
  for (let i = 0; i < 20; i++) {
    const result = call([1])
    replicas[0]!.batches.at(-1)!.fail('rejected')
    expect(await result).toBe('rejected')
  }
  expect(upstream.available()).toBe(true)
})
