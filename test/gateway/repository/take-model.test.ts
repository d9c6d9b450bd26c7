import { link, mkdir, symlink, truncate, writeFile } from 'node:fs/promises'
import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { takeModel, type ModelSource } from '../../../gateway/repository/take-model.ts'
import { tempDir } from '../../support/temp-dir.ts'

async function faultOf(path: string, rules: Omit<ModelSource, 'path'>): Promise<string | undefined> {
  const taken = await takeModel({ path, ...rules })
  return typeof taken === 'string' ? taken : undefined
}

async function open() {
  const dir = await tempDir()
  const folder = join(dir, 'models')
  await mkdir(join(folder, 'deep'), { recursive: true })
  await mkdir(join(dir, 'models-of-others'))
  const inside = join(folder, 'deep', 'm.onnx')
  const outside = join(dir, 'models-of-others', 'm.onnx')
  for (const path of [inside, outside]) await writeFile(path, 'model')
  return { dir, folder, inside, outside }
}

test('a file in the folder, by whatever way', async () => {
  const { dir, folder, inside } = await open()
  const alias = join(dir, 'alias')
  await symlink(inside, alias)
  for (const path of [inside, alias, join(folder, '..', 'models', 'deep', 'm.onnx')])
    expect(await faultOf(path, { folder })).toBeUndefined()
})

test('a file outside, by whatever way', async () => {
  const { folder, outside } = await open()
  const [file, way] = [join(folder, 'link.onnx'), join(folder, 'way')]
  await symlink(outside, file)
  await symlink(join(outside, '..'), way)
  for (const path of [outside, file, join(way, 'm.onnx'), join(folder, '..', 'models-of-others', 'm.onnx')])
    expect(await faultOf(path, { folder })).toContain('outside models_dir')
  expect(await faultOf(outside, {})).toBeUndefined()
})

test('a file in the folder that is also one of elsewhere', async () => {
  const { folder, outside } = await open()
  const path = join(folder, 'linked.onnx')
  await link(outside, path)
  expect(await faultOf(path, { folder })).toContain('is a hard link')
  expect(await faultOf(path, {})).toBeUndefined()
})

test('what is no file, too large, or not there', async () => {
  const { folder, inside } = await open()
  expect(await faultOf(join(folder, 'deep'), {})).toContain('is not a file')
  expect(await faultOf(join(folder, 'none'), {})).toMatch(/cannot be read \(ENOENT\)/)
  await truncate(inside, 2 ** 31)
  expect(await faultOf(inside, {})).toContain('larger than an ONNX file can be')
})

test('another file than the one that is meant', async () => {
  const { inside } = await open()
  const sha256 = createHash('sha256').update('model').digest('hex')
  expect(await faultOf(inside, { sha256 })).toBeUndefined()
  await writeFile(inside, 'madel')
  expect(await faultOf(inside, { sha256 })).toBe(
    `${inside} has the sha256 ${createHash('sha256').update('madel').digest('hex')}, and ${sha256} is configured: put that file there, or correct models.<name>.sha256`,
  )
})
