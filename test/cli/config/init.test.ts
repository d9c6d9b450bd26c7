import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { readModels, type FoundModel } from '../../../cli/config/read-models.ts'
import { writeConfig } from '../../../cli/config/write-config.ts'
import { parseConfig } from '../../../gateway/config/parse-config.ts'
import type { Datatype, TensorSpec } from '../../../model-workers/protocol/types.ts'
import { unaryModel } from '../../fixtures/onnx-models.ts'
import { tempDir } from '../../support/temp-dir.ts'

const spec = (name: string, shape: readonly number[], datatype: Datatype = 'FP32'): TensorSpec => ({
  name,
  datatype,
  shape,
})

const found = (
  name: string,
  inputs: TensorSpec[],
  outputs: TensorSpec[],
  dropped: string[] = [],
): FoundModel => ({
  name,
  path: `/models/${name}.onnx`,
  inputs,
  outputs,
  dropped,
})

const pixels = spec('X', [-1, 64])
const forest = found('forest', [pixels], [spec('label', [-1], 'INT64'), spec('probabilities', [-1, 10])])
const logistic = found('logistic', [pixels], [spec('output_label', [-1], 'INT64')], ['output_probability'])
const vision = found('vision', [spec('image', [-1, 1, 8, 8])], [spec('logits', [-1, 10])])

const write = (...models: FoundModel[]) => writeConfig(models, { endpoint: 'digits', folder: '/models' })

/** The models of what was written, once it is a valid configuration. */
function modelsOf(yaml: string) {
  const parsed = parseConfig(yaml, '/models/bandit.yaml')
  if ('faults' in parsed) throw new Error(JSON.stringify(parsed.faults))
  return new Map(parsed.config.models.map((model) => [model.name, model]))
}

test('models of three makers become arms of one endpoint', () => {
  const yaml = write(vision, forest, logistic)
  expect(yaml).toContain('# logistic cannot answer "output_probability", no tensor')
  expect(yaml).toContain('reward: { from: label, output: label, window: 1h }')
  expect(yaml).not.toContain('does not fit')
  const models = modelsOf(yaml)
  expect(models.get('forest')).toMatchObject({ onnx: '/models/forest.onnx' })
  expect(models.get('forest')!.fit).toBeUndefined()
  expect(models.get('logistic')!.fit).toEqual({
    inputs: [],
    outputs: [{ kind: 'same', name: 'label', from: 'output_label' }],
  })
  expect(models.get('vision')!.fit).toEqual({
    inputs: [{ name: 'X', as: 'image', shape: [-1, 64] }],
    outputs: [
      { kind: 'argmax', name: 'label', from: 'logits' },
      { kind: 'softmax', name: 'probabilities', from: 'logits' },
    ],
  })
})

test('floats of another size are told, and nothing that is not float', () => {
  const doubles = found('doubles', [spec('X', [-1, 64], 'FP64')], forest.outputs as TensorSpec[])
  const bytes = found('bytes', [spec('X', [-1, 64], 'UINT8')], forest.outputs as TensorSpec[])
  const yaml = write(forest, logistic, doubles, bytes)
  expect(modelsOf(yaml).get('doubles')!.fit!.inputs).toEqual([{ name: 'X', as: 'X', datatype: 'FP32' }])
  expect(yaml).toContain('# bytes does not fit the others: its input "X" is UINT8: only floats')
})

test.each([
  ['rows', found('one', [spec('X', [1, 64])], []), 'has a first dimension of 1: export it with a free one'],
  [
    'inputs',
    found('two', [pixels, spec('age', [-1, 1])], []),
    'it takes other inputs: "age" is one too many',
  ],
  ['elements', found('wide', [spec('X', [-1, 65])], []), 'a row has 65 elements, not 64'],
])('what cannot be mended is told beside the model: %s', (_, odd, words) => {
  const yaml = write(forest, logistic, { ...odd, outputs: forest.outputs })
  expect(yaml).toContain(`# ${odd.name} does not fit the others: `)
  expect(yaml).toContain(words)
  expect(modelsOf(yaml).get(odd.name)!.fit).toBeUndefined()
})

test('labels of two kinds are told, and where nobody has labels, rewards are asked for', () => {
  const texts = found('texts', [pixels], [spec('label', [-1], 'BYTES')])
  expect(write(forest, texts)).toContain('Some say their labels as text and some as numbers')
  const price = found('price', [pixels], [spec('variable', [-1, 1])])
  expect(write(price)).toContain('reward: { window: 1h }')
  modelsOf(write(price))
})

test('files are read, and names are names that a configuration can hold', async () => {
  const folder = await tempDir()
  const names = ['net/1/model.onnx', 'a b.onnx', 'c/a b.onnx']
  for (const name of names) {
    await mkdir(dirname(join(folder, name)), { recursive: true })
    await writeFile(
      join(folder, name),
      unaryModel('Identity', { datatype: 'FP32', input: 'in: 1', output: 'no' }),
    )
  }
  const models = await readModels(names.map((name) => join(folder, name)))
  expect(models.map(({ name }) => name)).toEqual(['net', 'a-b', 'a-b-2'])
  const configured = modelsOf(writeConfig(models, { endpoint: 'e', folder }))
  expect([...configured.values()].map(({ fit }) => fit?.outputs)).toEqual(
    names.map(() => [{ kind: 'argmax', name: 'label', from: 'no' }]),
  )
  await expect(readModels([join(folder, 'none.onnx')])).rejects.toThrow('cannot be read')
})
