import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { elementsToJson } from '../../../../model-workers/protocol/json.ts'
import { model, rows, sumsOf } from '../fixtures/fake-replica.ts'
import { createHarness } from '../fixtures/harness.ts'
import { settle } from '../fixtures/manual-clock.ts'
import { doubles, floats } from '../fixtures/tensors.ts'

describe('calls that arrive while a batch runs', () => {
  test('share the next one, and each gets its own rows', async () => {
    const { replicas, call, batched } = await createHarness()
    const first = call([1])
    const second = call([2, 3])
    const third = call([4])
    expect(replicas[0]!.batches.map((batch) => batch.rows)).toEqual([1])

    replicas[0]!.batches[0]!.answer()
    expect(await first).toEqual([1])
    expect(replicas[0]!.batches.map((batch) => batch.rows)).toEqual([1, 3])

    replicas[0]!.batches[1]!.answer()
    expect(await second).toEqual([2, 3])
    expect(await third).toEqual([4])
    expect(batched).toEqual([1, 3])
  })

  test('the next batch is on its way before answers are handed out', async () => {
    const { replicas, call } = await createHarness()
    const sentWhenAnswered = call([1]).then(() => replicas[0]!.batches.length)
    const second = call([2])
    replicas[0]!.batches[0]!.answer()
    expect(await sentWhenAnswered).toBe(2)
    replicas[0]!.batches[1]!.answer()
    await second
  })

  test('a batch has at most the rows allowed; a call with more goes by itself', async () => {
    const { replicas, call } = await createHarness({ maxBatch: 4 })
    const results = [call([0]), call([1, 2, 3]), call([4, 5]), call([6]), call([7, 8, 9, 10, 11])]
    for (let i = 0; i < 4; i++) {
      await settle()
      replicas[0]!.batches[i]!.answer()
    }
    expect(replicas[0]!.batches.map((batch) => batch.rows)).toEqual([1, 4, 2, 5])
    expect(await Promise.all(results)).toEqual([[0], [1, 2, 3], [4, 5], [6], [7, 8, 9, 10, 11]])
  })

  test('calls of different shapes or inputs never share a batch', async () => {
    const { replicas, call, infer } = await createHarness({
      metadata: { ...model, inputs: [{ name: 'x', datatype: 'FP32', shape: [-1, -1] }] },
    })
    const results = [
      call([0]),
      infer([floats('x', [[1, 1, 1]])]),
      call([2]),
      infer([floats('x', [[3, 3, 3]])]),
      infer([floats('x', [[1, 4]]), floats('mask', [[1, 1]])]),
      infer([floats('y', [[1, 5]])]),
      infer([{ ...doubles('x', [6]), shape: [1, 1] }]),
    ]
    for (let i = 0; i < 6; i++) {
      await settle()
      replicas[0]!.batches[i]!.answer()
    }
    const names = replicas[0]!.batches.map(({ inputs }) =>
      inputs.map(({ name, shape }) => `${name} ${shape.join('×')}`).join(', '),
    )
    expect(names).toEqual(['x 1×2', 'x 2×3', 'x 1×2', 'x 1×2, mask 1×2', 'y 1×2', 'x 1×1'])
    expect(await Promise.all(results)).toEqual([[0], [3], [2], [9], [5], [6], [6]])
  })

  test('calls of another type never share a batch', async () => {
    const { replicas, call, infer, batched } = await createHarness()
    const wide = { ...doubles('x', [2, 3]), shape: [1, 2] }
    const results = [call([0]), call([1]), infer([wide])]
    for (let i = 0; i < 3; i++) {
      await settle()
      replicas[0]!.batches[i]!.answer()
    }
    expect(await Promise.all(results)).toEqual([[0], [1], [5]])
    expect(batched).toEqual([1, 1, 1])
  })

  test('calls without rows, or with inputs that disagree about them, go by themselves', async () => {
    const { replicas, call, infer } = await createHarness()
    const empty = { ...floats('x', []), shape: [0, 2] }
    const uneven = [floats('x', [[1, 1]]), floats('mask', [[1], [1]])]
    const results = [call([0]), infer([empty]), infer([empty]), infer(uneven), infer(uneven)]
    for (let i = 0; i < 5; i++) {
      await settle()
      replicas[0]!.batches[i]!.answer()
    }
    expect(replicas[0]!.batches.map((batch) => batch.rows)).toEqual([1, 0, 0, 1, 1])
    expect(await Promise.all(results)).toEqual([[0], [], [], [2], [2]])
  })

  test('a model whose first dimension is fixed gets one call at a time', async () => {
    const { replicas, call } = await createHarness({
      metadata: {
        ...model,
        inputs: [{ name: 'x', datatype: 'FP32', shape: [1, 2] }],
        outputs: [{ name: 'sum', datatype: 'FP64', shape: [1] }],
      },
    })
    const results = [call([1]), call([2]), call([3])]
    for (let i = 0; i < 3; i++) {
      await settle()
      expect(replicas[0]!.batches).toHaveLength(i + 1)
      replicas[0]!.batches[i]!.answer()
    }
    expect(await Promise.all(results)).toEqual([[1], [2], [3]])
  })

  test('a model that answers otherwise than row by row is never batched again', async () => {
    const { replicas, call, finished } = await createHarness()
    const results = [call([1]), call([2]), call([3, 4])]
    const total = ({ inputs }: { inputs: Parameters<typeof sumsOf>[0] }) => [
      doubles('sum', [(elementsToJson(sumsOf(inputs)) as number[]).reduce((sum, value) => sum + value, 0)]),
    ]
    for (let i = 0; i < 4; i++) {
      await settle()
      const batch = replicas[0]!.batches[i]!
      batch.answer(total(batch))
    }
    expect(replicas[0]!.batches.map((batch) => batch.rows)).toEqual([1, 3, 1, 2])
    expect(await Promise.all(results)).toEqual([[1], [2], [7]])
    expect(finished).toHaveLength(3)

    const later = [call([5]), call([6]), call([7])]
    for (let i = 4; i < 7; i++) {
      await settle()
      replicas[0]!.batches[i]!.answer()
    }
    expect(await Promise.all(later)).toEqual([[5], [6], [7]])
  })
})

const anyCall = fc.record({
  rows: fc.array(fc.tuple(fc.integer({ min: -99, max: 99 }), fc.integer({ min: -99, max: 99 })), {
    minLength: 1,
    maxLength: 5,
  }),
  /** How many batches are answered before it comes. */
  answersBefore: fc.nat(2),
})

test('whatever comes when, every call is answered as if it had been alone', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(anyCall, { minLength: 1, maxLength: 12 }),
      fc.integer({ min: 1, max: 3 }),
      fc.integer({ min: 1, max: 9 }),
      async (calls, replicaCount, maxBatch) => {
        const { replicas, infer, upstream } = await createHarness({ replicas: replicaCount, maxBatch })
        const answered = new Set<unknown>()
        const answerOne = async () => {
          const open = replicas.flatMap(({ batches }) => batches).filter((batch) => !answered.has(batch))
          answered.add(open[0])
          open[0]?.answer()
          await settle()
          return open.length > 0
        }
        const results = []
        for (const { rows: pairs, answersBefore } of calls) {
          for (let i = 0; i < answersBefore; i++) await answerOne()
          results.push(infer(rows(...pairs)))
        }
        while (await answerOne());
        expect(await Promise.all(results)).toEqual(calls.map(({ rows }) => rows.map(([a, b]) => a + b)))
        await upstream.close()
      },
    ),
    { numRuns: 200 },
  )
})
