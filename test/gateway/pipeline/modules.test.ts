import { join } from 'node:path'
import { expect, test } from 'vitest'
import { createPipeline } from '../../../gateway/pipeline/pipeline.ts'
import { loadModules } from '../../../gateway/pipeline/load-modules.ts'
import { tensorToJson } from '../../../model-workers/protocol/json.ts'
import { soundConfig } from '../../fixtures/sound-config.ts'

const folder = join(import.meta.dirname, '../../fixtures/steps')
const endpointOf = (file: string) =>
  soundConfig(
    `models: { a: { onnx: a.onnx } }
endpoints:
  e:
    arms: { x: { model: a } }
    preprocess: { module: { file: ${file}, fields: [price, count] }, tensors: { x: [{ columns: [total] }] } }
    postprocess: [{ module: { file: ${file}, fields: [count], makes: [label] } }]`,
    join(folder, 'bandit.yaml'),
  ).endpoints[0]!

test('a module adds fields before the steps, and finishes outputs', async () => {
  const endpoint = endpointOf('./basket.ts')
  const { before, after } = createPipeline(endpoint, await loadModules(endpoint))!
  const table = before!.parse({ price: [2, 3], count: [1, 4] })
  const [tensor] = before!.toTensors(table, [{ name: 'x', datatype: 'FP32', shape: [-1, 1] }])
  expect(tensorToJson(tensor!)).toEqual([[2], [12]])
  expect(after!.makes).toEqual(new Set(['label']))
  expect(after!.run({ score: [1, 2] }, table)).toEqual({ score: [1, 2], label: ['few', 'many'] })
})

test('one that cannot be loaded, or exports nothing of use, ends the start with a reason', async () => {
  await expect(loadModules(endpointOf('./nowhere.ts'))).rejects.toThrow(/nowhere\.ts cannot be loaded/)
  await expect(loadModules(endpointOf('../labels.ts'))).rejects.toThrow(/has to export a function before/)
})

test('one that gives too few values is a fault of its own', async () => {
  const endpoint = endpointOf('./basket.ts')
  const modules = new Map([
    [endpoint.preprocess!.module!.file, { before: () => ({ total: [1] }), after: () => ({}) }],
  ])
  const { before } = createPipeline(endpoint, modules)!
  const table = before!.parse({ price: [2, 3], count: [1, 4] })
  expect(() => before!.toTensors(table, [])).toThrow('has to give "total" a list of 2 values')
})
