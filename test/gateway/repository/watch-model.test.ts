import { createHash } from 'node:crypto'
import { copyFile, mkdir, readFile, rename, rm, utimes, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { findVersion, type FoundVersion } from '../../../gateway/repository/find-version.ts'
import type { Version } from '../../../gateway/repository/version.ts'
import { createModelWatch } from '../../../gateway/repository/watch-model.ts'
import { tempDir } from '../../support/temp-dir.ts'

/** SHA-256 of "one" and "two", as sha256sum prints them. */
const one = '7692c3ad3540'
const two = '3fc4ccfe7458'

async function watch(path: string, answers: (version: string) => string | undefined = () => undefined) {
  const found = (await findVersion(path))!
  const loaded: { readonly name: string; readonly file: string; readonly before: string }[] = []
  const released: string[] = []
  async function admit({ file, number }: FoundVersion): Promise<Version> {
    const sum = createHash('sha256').update(await readFile(file))
    const name = number === undefined ? sum.digest('hex').slice(0, 12) : String(number)
    const release = async () => void released.push(name)
    return { name, file, source: file, fault: async () => undefined, release }
  }
  const refused: string[] = []
  const look = createModelWatch({
    path,
    found,
    version: (await admit(found)).name,
    admit,
    load: async ({ name, file }, before) => {
      loaded.push({ name, file, before })
      return answers(name)
    },
    refused: (version, reason) => void refused.push(`${version}: ${reason}`),
  })
  return { look, loaded, refused, released, names: () => loaded.map(({ name }) => name) }
}

async function modelFile(): Promise<string> {
  const file = join(await tempDir(), 'm.onnx')
  await writeFile(file, 'one')
  return file
}

describe('a file', () => {
  test('is its content: what is put in its place is loaded once it stands still', async () => {
    const file = await modelFile()
    const { look, loaded } = await watch(file)
    await look()
    await writeFile(`${file}.new`, 'two')
    await rename(`${file}.new`, file)
    await look()
    expect(loaded).toEqual([])
    await look()
    await look()
    expect(loaded).toEqual([{ name: two, file, before: one }])
  })

  test('that is still being written is left alone', async () => {
    const file = await modelFile()
    const { look, names } = await watch(file)
    for (const content of ['t', 'tw', 'two']) {
      await writeFile(file, content)
      await look()
    }
    expect(names()).toEqual([])
    await look()
    expect(names()).toEqual([two])
  })

  test('with the same content is nothing new, whenever it was written', async () => {
    const file = await modelFile()
    const { look, names } = await watch(file)
    await copyFile(file, `${file}.new`)
    await rename(`${file}.new`, file)
    await look()
    await look()
    await utimes(file, 1, 1)
    await look()
    await look()
    expect(names()).toEqual([])
  })

  test('that was refused is tried again when it changes, and back again is back', async () => {
    const file = await modelFile()
    const { look, names, refused } = await watch(file, (name) => (name === two ? 'broken' : undefined))
    await writeFile(file, 'two')
    for (let turn = 0; turn < 4; turn++) await look()
    expect(names()).toEqual([two])
    expect(refused).toEqual([`${two}: broken`])
    await writeFile(file, 'one')
    for (let turn = 0; turn < 3; turn++) await look()
    expect(names()).toEqual([two])
    await writeFile(file, 'three')
    for (let turn = 0; turn < 3; turn++) await look()
    expect(names()).toHaveLength(2)
  })

  test('that goes away changes nothing', async () => {
    const file = await modelFile()
    const { look, names, refused } = await watch(file)
    await rm(file)
    await look()
    await look()
    expect([...names(), ...refused]).toEqual([])
  })
})

describe('a folder', () => {
  async function folderOf(versions: readonly string[]): Promise<string> {
    const folder = await tempDir()
    for (const version of versions) await add(folder, version)
    return folder
  }
  async function add(folder: string, version: string): Promise<void> {
    const file = join(folder, version, 'model.onnx')
    await mkdir(dirname(file))
    await writeFile(file, `content of ${version}`)
  }

  test('has the version of the greatest number for its newest', async () => {
    const folder = await folderOf(['1', '10', '9', '010', '-11', 'v12', '1e3'])
    await mkdir(join(folder, '99'))
    expect(await findVersion(folder)).toMatchObject({ number: 10, file: join(folder, '10', 'model.onnx') })
    expect(await findVersion(join(folder, '99'))).toBeUndefined()
    expect(await findVersion(join(folder, 'nowhere'))).toBeUndefined()
  })

  test('gets a newer one, the same one again, and an older one back', async () => {
    const folder = await folderOf(['1'])
    const { look, loaded } = await watch(folder)
    await add(folder, '2')
    await look()
    await look()
    await writeFile(join(folder, '2', 'model.onnx'), 'mended')
    await look()
    await look()
    await rm(join(folder, '2'), { recursive: true })
    await look()
    await look()
    expect(loaded.map(({ name, before }) => `${before} ${name}`)).toEqual(['1 2', '2 2', '2 1'])
  })
})
