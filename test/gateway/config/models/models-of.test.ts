import { expect, test } from 'vitest'
import { everyModelOf, modelsOf, modelsOfEndpoint } from '../../../../gateway/config/models/models-of.ts'
import { workersOf } from '../../../../gateway/console/workers-of.ts'
import type { ArmConfig } from '../../../../gateway/config/endpoint-config.ts'

const stacked: ArmConfig = {
  kind: 'ensemble',
  name: 'both',
  members: ['tree', 'forest'].map((model) => ({ model, weight: 1 })),
  combine: 'stacked',
  stack: { model: 'judge', over: 'probabilities' },
  quorum: 2,
  deadlineMs: 100,
  argmax: undefined,
  minShare: 0,
}

test('who makes one answer of those of the members is a model of the arm, and gets no request itself', () => {
  expect(modelsOf(stacked)).toEqual(['tree', 'forest'])
  expect(everyModelOf(stacked)).toEqual(['tree', 'forest', 'judge'])
  expect([...modelsOfEndpoint({ arms: [stacked] })]).toEqual(['tree', 'forest', 'judge'])
  const workers = ['judge', 'tree', 'other'].map((model) => ({
    model,
    replica: 0,
    state: 'up' as const,
    restarts: 0,
  }))
  expect(workersOf([stacked], workers).map(({ model }) => model)).toEqual(['judge', 'tree'])
})
