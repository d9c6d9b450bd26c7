import { spawnSync } from 'node:child_process'
import { mkdir, readdir, writeFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import type { ModelConfig } from '../../../gateway/config/config.ts'
import { admitModels } from '../../../gateway/wiring/admit-models.ts'
import { quietLogger as logger } from '../../fixtures/quiet-logger.ts'
import { tempDir } from '../../support/temp-dir.ts'

async function open() {
  const dir = await tempDir()
  const onnx = join(dir, 'm.onnx')
  await writeFile(onnx, 'model')
  const model = (name: string, more: Partial<ModelConfig> = {}): ModelConfig => ({
    name,
    onnx,
    reload: true,
    isCopied: true,
    replicas: 1,
    memory: undefined,
    maxBatch: 1,
    queue: 1,
    deadlineMs: undefined,
    ...more,
  })
  return { dir, onnx, model, copiesDir: join(dir, 'copies') }
}

test('copies are in a folder of this process, and only of models that are copied', async () => {
  const { onnx, model, copiesDir } = await open()
  const models = [model('a'), model('b', { isCopied: false })]
  const admission = await admitModels({ models, folder: undefined, copiesDir, logger })
  const [a, b] = models.map((each) => admission.of(each).version.file)
  const [own] = await readdir(join(copiesDir, hostname()))
  expect(own).toMatch(new RegExp(`^bandit-${process.pid}-`))
  expect([dirname(dirname(a!)), b]).toEqual([join(copiesDir, hostname(), own!), onnx])
  await admission.close()
  expect(await readdir(join(copiesDir, hostname()))).toEqual([])
})

test('what a gateway that was killed has left is removed, and nothing of others', async () => {
  const { model, copiesDir } = await open()
  const { pid } = spawnSync(process.execPath, ['--version'])
  const [left, alive, elsewhere] = [
    join(copiesDir, hostname(), `bandit-${pid}-aaaaaa`),
    join(copiesDir, hostname(), `bandit-${process.ppid}-aaaaaa`),
    join(copiesDir, 'another-host', `bandit-${pid}-aaaaaa`),
  ]
  for (const folder of [left, alive, elsewhere]) await mkdir(join(folder, '0'), { recursive: true })
  const admission = await admitModels({ models: [model('a')], folder: undefined, copiesDir, logger })
  const names = await readdir(join(copiesDir, hostname()))
  expect(names.filter((name) => !name.startsWith(`bandit-${process.pid}-`))).toEqual([
    `bandit-${process.ppid}-aaaaaa`,
  ])
  expect(await readdir(dirname(elsewhere))).toHaveLength(1)
  await admission.close()
})

test('all that is refused is told at once, and leaves nothing', async () => {
  const { model, copiesDir } = await open()
  const models = [model('a', { sha256: '0'.repeat(64) }), model('b'), model('c', { sha256: '1'.repeat(64) })]
  await expect(admitModels({ models, folder: undefined, copiesDir, logger })).rejects.toThrow(
    /^models are not loaded\na: .* 0{64} is configured.*\nc: .* 1{64} is configured/,
  )
  expect(await readdir(join(copiesDir, hostname()))).toEqual([])
})

test('a folder that cannot be made is told with what mends it', async () => {
  const { onnx, model } = await open()
  await expect(
    admitModels({ models: [model('a')], folder: undefined, copiesDir: onnx, logger }),
  ).rejects.toThrow(
    /^copies of models cannot be kept in .* \(ENOTDIR\): name a folder .* under models_copies/,
  )
  const models = [model('a', { isCopied: false })]
  const admission = await admitModels({ models, folder: undefined, copiesDir: onnx, logger })
  await admission.close()
})
