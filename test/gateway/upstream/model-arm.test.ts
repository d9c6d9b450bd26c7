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
