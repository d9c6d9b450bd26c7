import { expect, test } from 'vitest'
import { createModelArm } from '../../../gateway/upstream/model-arm.ts'

test('a model gets its own deadline, or the caller’s when that is sooner', async () => {
  const seen: number[] = []
  const arm = createModelArm({
    name: 'a',
    deadlineMs: 500,
    clock: { now: () => 1000 },
    upstream: {
      available: () => true,
      wake: () => true,
      version: () => '3',
      async infer(_, deadlineAt) {
        seen.push(deadlineAt)
        return []
      },
    },
  })
  expect(await arm.infer([], 2000)).toEqual({ outputs: [], version: '3' })
  await arm.infer([], 1100)
  expect(seen).toEqual([1500, 1100])
})

test('a model leaves no time for other arms where there are none, unless it has a deadline of its own', async () => {
  const seen: number[] = []
  const upstream = {
    available: () => true,
    wake: () => true,
    version: () => undefined,
    async infer(_: unknown, deadlineAt: number) {
      seen.push(deadlineAt)
      return []
    },
  }
  for (const yields of [true, false]) {
    const arm = createModelArm({ name: 'a', deadlineMs: 500, yields, clock: { now: () => 1000 }, upstream })
    await arm.infer([], 2000, undefined, true)
    await arm.infer([], 2000, undefined, false)
  }
  expect(seen).toEqual([2000, 1500, 1500, 1500])
})
