import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openCheckpointFolder } from '../../../bandit/checkpoints/checkpoint-folder.ts'
import type { KeptCheckpoint } from '../../../bandit/checkpoints/checkpoint-text.ts'
import { tempDir } from '../../support/temp-dir.ts'
import { checkpointAt } from './fixture.ts'

const at = (second: number) => 1_700_000_000_000_000 + second * 1_000_000
const kept = (second: number, endpoint = 'shop', generation = '0a1b2c3d'): KeptCheckpoint => ({
  endpoint,
  generation,
  checkpoint: checkpointAt(at(second)),
})

async function newFolder() {
  const path = join(await tempDir(), 'deep', 'checkpoints')
  const faulty: string[] = []
  return {
    path,
    faulty,
    folder: openCheckpointFolder({ path, keep: 3, faulty: (file) => faulty.push(file) }),
  }
}

test('the newest few of each endpoint and definition stay', async () => {
  const { path, folder } = await newFolder()
  expect(await folder.newest('shop', '0a1b2c3d')).toBeUndefined()
  for (const second of [1, 2, 3, 4, 5]) await folder.save(kept(second))
  await folder.save(kept(1, 'shop.two'))
  await folder.save(kept(9, 'shop', 'ffffffff'))
  expect(await folder.newest('shop', '0a1b2c3d')).toEqual(kept(5))
  expect(await folder.newest('shop', '0a1b2c3d', at(5))).toEqual(kept(4))
  expect(await folder.newest('shop', '0a1b2c3d', at(3))).toBeUndefined()
  expect(await folder.list('shop', '0a1b2c3d')).toHaveLength(3)
  expect(await readdir(path)).toHaveLength(5)
})

test('one that is not whole, to the last bit, is passed over for an older one', async () => {
  const { path, faulty, folder } = await newFolder()
  for (const second of [1, 2, 3]) await folder.save(kept(second))
  const [newest, second] = (await folder.list('shop', '0a1b2c3d')).map((name) => join(path, name))
  const text = await readFile(newest!, 'utf8')
  await writeFile(newest!, text.replace('"version":7', '"version":8'))
  await writeFile(second!, (await readFile(second!, 'utf8')).slice(0, -20))
  expect(await folder.newest('shop', '0a1b2c3d')).toEqual(kept(1))
  expect(faulty).toHaveLength(2)
})

test('what cannot be written says so and leaves nothing behind', async () => {
  const { path, folder } = await newFolder()
  await folder.save(kept(1))
  const blocked = openCheckpointFolder({ path: join(path, 'shop'), keep: 1, faulty: () => undefined })
  await writeFile(join(path, 'shop'), '')
  await expect(blocked.save(kept(2))).rejects.toThrow(/EEXIST|ENOTDIR/)
  expect((await readdir(path)).length).toBe(2)
})
