import { stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { createSqliteStore } from '../../../bandit/store/sqlite/sqlite.ts'
import { keptSecret } from '../../../gateway/checkpoints/kept-secret.ts'
import { readEnvironment } from '../../../gateway/config/reading/environment.ts'
import { signingKeys } from '../../../gateway/signing-keys.ts'
import { tempDir } from '../../support/temp-dir.ts'

const checkpoint = { everyMs: 60_000, keep: 5 }

function newStore() {
  const store = createSqliteStore({ path: ':memory:', clock: Date.now })
  onTestFinished(() => store.close())
  return store
}

async function newPlace() {
  const folder = await tempDir()
  const result = readEnvironment({})
  if (!('environment' in result)) throw new Error('the environment has faults')
  return {
    folder,
    kept: keptSecret({ checkpoint: { ...checkpoint, folder } }, 'redis')!,
    environment: result.environment,
  }
}

test('the secret of a store is kept for the next one, readable by nobody else', async () => {
  const { folder, kept, environment } = await newPlace()
  const [first] = await signingKeys(environment, newStore(), kept)
  expect((await stat(join(folder, 'signing-secret'))).mode & 0o777).toBe(0o600)
  expect(await signingKeys(environment, newStore(), kept)).toEqual([first])
  const other = newStore()
  const secret = await other.signingSecret('s'.repeat(40))
  expect(await signingKeys(environment, other, kept)).toEqual([{ id: 0, secret }])
  expect(await kept.read()).toBe(secret)
})

test('with the store away a gateway begins with it, and without it not at all', async () => {
  const { folder, kept, environment } = await newPlace()
  const store = newStore()
  const keys = await signingKeys(environment, store, kept)
  await store.close()
  expect(await signingKeys(environment, store, kept)).toEqual(keys)
  await writeFile(join(folder, 'signing-secret'), 'no secret')
  await expect(signingKeys(environment, store, kept)).rejects.toThrow(/there is no secret to sign/)
})

test('there is no place for it where checkpoints have none, and none beside the embedded store', () => {
  expect(keptSecret({ checkpoint }, 'redis')).toBeUndefined()
  expect(keptSecret({ journal: { path: '/var/j.db', maxBytes: 1, keepMs: 1 } }, 'redis')).toBeUndefined()
  expect(keptSecret({ checkpoint: { ...checkpoint, folder: '/var/c' } }, 'sqlite')).toBeUndefined()
})

test('a folder that takes nothing does not keep a gateway from starting', async () => {
  const { folder, environment } = await newPlace()
  await writeFile(join(folder, 'taken'), '')
  const kept = keptSecret({ checkpoint: { ...checkpoint, folder: join(folder, 'taken') } }, 'redis')
  expect(await signingKeys(environment, newStore(), kept)).toHaveLength(1)
})
