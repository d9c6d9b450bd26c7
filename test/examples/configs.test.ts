import { existsSync } from 'node:fs'
import { glob, readFile, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { openOnnxModel } from '../../model-workers/onnx.ts'
import { tensorFromJson, tensorToJson } from '../../model-workers/protocol/json.ts'
import { quietLogger } from '../fixtures/quiet-logger.ts'
import { soundConfig } from '../fixtures/sound-config.ts'

const folder = join(import.meta.dirname, '../../examples')
const files = (await Array.fromAsync(glob('*/*.yaml', { cwd: folder }))).filter(
  (file) => !/^(batch|kubernetes)/.test(file),
)
const folders = (await readdir(folder, { withFileTypes: true })).filter((each) => each.isDirectory())

test.each(files)('%s is sound, and its models are there', async (file) => {
  const path = join(folder, file)
  const { models, endpoints } = soundConfig(await readFile(path, 'utf8'), path)
  expect(endpoints.length).toBeGreaterThan(0)
  for (const { onnx } of models) expect([onnx, existsSync(onnx)]).toEqual([onnx, true])
})

test('the list of examples has all of them, and no other', async () => {
  const list = await readFile(join(folder, 'README.md'), 'utf8')
  const named = [...list.matchAll(/^\| \[(\w+)\]\(\1\)/gm)].map(([, name]) => name!)
  expect(named.toSorted()).toEqual(folders.map(({ name }) => name).toSorted())
})

describe('what their readmes tell to run', () => {
  const readmes = folders
    .map(({ name }) => `${name}/README.md`)
    .filter((file) => existsSync(join(folder, file)))

  test.each(readmes)('%s', async (file) => {
    const text = await readFile(join(folder, file), 'utf8')
    const paths = [...text.matchAll(/(?:node|--config|redis-cli <|head -\d+) ((?:examples|cli)\/[\w./-]+)/g)]
    expect(paths.length).toBeGreaterThan(0)
    for (const [, path] of paths) expect([path, existsSync(join(folder, '..', path!))]).toEqual([path, true])
  })
})

test('the model of the pipeline takes the mean of four pixels', async () => {
  const path = join(folder, 'pipeline/shrink.onnx')
  const model = await openOnnxModel({ path, name: 'shrink', version: '1', logger: quietLogger })
  onTestFinished(() => model.close())
  const [image] = model.metadata.inputs
  expect(image).toEqual({ name: 'image', datatype: 'UINT8', shape: [-1, 16, 16] })
  const pixels = Array.from({ length: 2 }, (_, row) =>
    Array.from({ length: 16 }, (__, y) => Array.from({ length: 16 }, (___, x) => row * 100 + y * 4 + x)),
  )
  const [small] = await model.infer({ inputs: [tensorFromJson(image!, pixels)] })
  expect(small).toMatchObject({ name: 'small', datatype: 'FP32', shape: [2, 64] })
  const rows = tensorToJson(small!) as number[][]
  expect(rows[0]![0]).toBeCloseTo(((0 + 1 + 4 + 5) / 4) * (16 / 255), 5)
  expect(rows[1]![63]).toBeCloseTo((100 + (14 * 4 + 14 + (15 * 4 + 15)) / 2) * (16 / 255), 4)
})
