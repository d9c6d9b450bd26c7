import { createHash } from 'node:crypto'
import { copyFile, mkdir, readdir, readFile, rm, stat, symlink, truncate, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { createModelCopies, type HeldModel } from '../../../gateway/repository/model-copies.ts'
import { admitVersion } from '../../../gateway/repository/version.ts'
import { openOnnxModel } from '../../../model-workers/onnx.ts'
import { modelPath } from '../../fixtures/digits-config.ts'
import { externalModel } from '../../fixtures/onnx-models.ts'
import { tempDir } from '../../support/temp-dir.ts'

async function open() {
  const dir = await tempDir()
  const directory = join(dir, 'copies')
  const folder = join(dir, 'models')
  for (const each of [directory, folder]) await mkdir(each)
  const copies = createModelCopies(directory)
  return { dir, directory, folder, copies, path: join(folder, 'm.onnx') }
}

function held(taken: HeldModel | string): HeldModel {
  if (typeof taken === 'string') throw new Error(taken)
  return taken
}

const floats = (...values: readonly number[]) => Buffer.from(new Float32Array(values).buffer)

async function compute(path: string): Promise<readonly number[]> {
  const model = await openOnnxModel({ path, name: 'm', version: '1', logger: { warn: () => undefined } })
  onTestFinished(() => model.close())
  const bytes = Uint8Array.from(floats(10, 20))
  const [output] = await model.infer({ inputs: [{ name: 'x', datatype: 'FP32', shape: [2], bytes }] })
  return [...new Float32Array(Uint8Array.from(output!.bytes).buffer)]
}

test('a copy is what was there when it was taken, and nobody may write to it', async () => {
  const { copies, path } = await open()
  await copyFile(modelPath('logistic'), path)
  const bytes = await readFile(path)
  const { file, digest } = held(await copies.take({ path }))
  await writeFile(path, 'another')
  expect(await readFile(file)).toEqual(bytes)
  expect(digest).toBe(createHash('sha256').update(bytes).digest('hex'))
  expect((await stat(file)).mode & 0o777).toBe(0o400)
  expect((await stat(dirname(file))).mode & 0o777).toBe(0o700)
})

test('the same model is kept once, as long as anybody uses it', async () => {
  const { directory, copies, folder, path } = await open()
  const other = join(folder, 'other.onnx')
  for (const each of [path, other]) await writeFile(each, 'model')
  const [first, second] = await Promise.all([copies.take({ path }), copies.take({ path: other })])
  expect(held(first).file).toBe(held(second).file)
  expect(await readdir(directory)).toHaveLength(1)
  await held(first).release()
  await held(first).release()
  expect(await readFile(held(second).file, 'utf8')).toBe('model')
  await held(second).release()
  expect(await readdir(directory)).toEqual([])
})

test('tensors in other files come along, whether by links or not, and make it another version', async () => {
  const { copies, folder, path } = await open()
  await mkdir(join(folder, 'deep'))
  await writeFile(path, externalModel('initializer', './near'))
  await writeFile(join(folder, 'deep', 'weights'), floats(3, 4))
  await symlink(join('deep', 'weights'), join(folder, 'near'))
  const { file, digest } = held(await copies.take({ path }))
  await writeFile(join(folder, 'deep', 'weights'), floats(5, 6))
  const after = held(await copies.take({ path }))
  await rm(folder, { recursive: true })
  expect(await compute(file)).toEqual([13, 24])
  expect(await compute(after.file)).toEqual([15, 26])
  expect(after.digest).not.toBe(digest)
})

test('what is refused leaves nothing, and what has no room is told', async () => {
  const { directory, copies, folder, path } = await open()
  await writeFile(path, 'model')
  expect(await copies.take({ path, sha256: '0'.repeat(64) })).toContain('is configured')
  // A file with holes, larger than any disk of today.
  await writeFile(path, externalModel('initializer', 'weights'))
  await writeFile(join(folder, 'weights'), '')
  await truncate(join(folder, 'weights'), 2 ** 43)
  expect(await copies.take({ path })).toMatch(
    /m\.onnx is not loaded: it cannot be copied to .*, which needs 8388608 MiB \(ENOSPC\): make room there, name another folder under models_copies/,
  )
  expect(await readdir(directory)).toEqual([])
})

test('a version that is not copied is judged again whenever a worker is to be started', async () => {
  const { directory, copies, path } = await open()
  await writeFile(path, 'model')
  const sha256 = createHash('sha256').update('model').digest('hex')
  const found = { file: path, mark: '', number: undefined }
  const [copied, inPlace] = await Promise.all([
    admitVersion(found, { copies, sha256 }),
    admitVersion(found, { sha256 }),
  ])
  if (typeof copied === 'string' || typeof inPlace === 'string') throw new Error('it is refused')
  expect([copied.name, inPlace.name]).toEqual([sha256.slice(0, 12), sha256.slice(0, 12)])
  expect([dirname(dirname(copied.file)), inPlace.file]).toEqual([directory, path])
  await writeFile(path, 'another')
  expect(await copied.fault()).toBeUndefined()
  expect(await inPlace.fault()).toContain('is configured')
})
