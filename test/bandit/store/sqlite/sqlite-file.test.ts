import { copyFile, mkdir, readdir, rename, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { expect, onTestFinished, test } from 'vitest'
import { openStore } from '../../../../bandit/store/open-store.ts'
import { createSqliteStore } from '../../../../bandit/store/sqlite/sqlite.ts'
import { type EndpointStore, StoreUnavailable } from '../../../../bandit/store/store.ts'
import { keyOf, overBucket, reward, settings, sumsOf } from '../../../contract/store/fixture.ts'
import { tempDir } from '../../../support/temp-dir.ts'

const open = (path: string, clock: () => number = Date.now) => {
  const store = createSqliteStore({ path, clock })
  onTestFinished(() => store.close())
  return store
}

/** Another program's look at the file. */
const look = (path: string) => {
  const database = new DatabaseSync(path)
  onTestFinished(() => database.close())
  return database
}

const countRows = (path: string, table: string): number =>
  (look(path).prepare(`SELECT count(*) AS n FROM ${table}`).get() as { n: number }).n

test('the file is made with its folder, for this user only, and keeps the state', async () => {
  const path = join(await tempDir(), 'var/deeper/bandit.db')
  const store = open(path)
  const endpoint = store.endpoint(settings)
  await endpoint.applyReward(reward())
  const name = await endpoint.identity()
  const files = await readdir(join(path, '..'))
  const modes = await Promise.all(
    files.map(async (file) => (await stat(join(path, '..', file))).mode & 0o777),
  )
  expect(files).toContain('bandit.db-wal')
  expect(new Set(modes)).toEqual(new Set([0o600]))
  await store.close()

  const again = open(path).endpoint(settings)
  expect(sumsOf(await again.readState(), 'a')).toEqual([1, 250_000, 62_500])
  expect(await again.identity()).toBe(name)
  expect(await open(':memory:').endpoint(settings).identity()).not.toBe(name)
})

test('a path that cannot be used is named, with what to mend', async () => {
  const dir = await tempDir()
  await writeFile(join(dir, 'notes.txt'), 'these are notes, and no database, however long they may become')
  await mkdir(join(dir, 'folder'))
  new DatabaseSync(join(dir, 'other.db')).exec('CREATE TABLE theirs (a); PRAGMA application_id = 7')
  const store = open(join(dir, 'newer.db'))
  await store.close()
  look(join(dir, 'newer.db')).exec('PRAGMA user_version = 99')

  const faults: Record<string, RegExp> = {
    'notes.txt': /notes\.txt: the file is no SQLite database: name another one/,
    folder: /folder: EISDIR: mend its path or permissions/,
    'notes.txt/bandit.db': /(ENOTDIR|EEXIST): mend its path or permissions/,
    'other.db': /other\.db: it is another program’s database: name another file/,
    'newer.db': /newer\.db: a newer version of this program has written it/,
  }
  for (const [file, fault] of Object.entries(faults)) {
    expect(() => open(join(dir, file)), file).toThrow(fault)
    expect(() => open(join(dir, file)), file).toThrow(StoreUnavailable)
  }
  expect(look(join(dir, 'other.db')).prepare('PRAGMA journal_mode').get()).toEqual({ journal_mode: 'delete' })
})

test('expired records, old sequences and marks that no reward can meet any more do not pile up', async () => {
  const path = join(await tempDir(), 'bandit.db')
  let now = Date.now()
  const endpoint = open(path, () => now).endpoint(settings)
  const fill = async (store: EndpointStore, bucket: number, from: number) => {
    for (let i = from; i < from + 100; i += 1) {
      await store.recordDecision(`d${i}`, 'value', 1000)
      await store.applyReward(reward({ key: keyOf(i), bucket }))
    }
    await store.recordPulls({ gateway: `g${from}`, sequence: 1, counts: [] })
  }
  await fill(endpoint, overBucket, 0)
  expect(countRows(path, 'marks')).toBe(100)
  expect(countRows(path, 'decisions')).toBe(100)

  const counts = [{ arm: 'a', bucket: overBucket, pulls: 101 }]
  await endpoint.recordPulls({ gateway: 'g', sequence: 1, counts })
  await endpoint.closeBucket({ bucket: overBucket, epoch: 7 })
  now += 1000
  await fill(endpoint, overBucket + 1, 100)
  expect(countRows(path, 'marks')).toBe(200)
  expect(countRows(path, 'closed_buckets')).toBe(1)
  expect(countRows(path, 'decisions')).toBe(100)
  expect(countRows(path, 'flushes')).toBe(3)

  // Nobody closes the second bucket: marks go a day after their window all the same.
  now += 86_400_000 + 3_600_000
  await fill(endpoint, Math.floor(now / settings.bucketMs) - 6, 200)
  expect(countRows(path, 'marks')).toBe(100)
  expect(countRows(path, 'closed_buckets')).toBe(0)
  expect(countRows(path, 'flushes')).toBe(1)
})

test('a bucket may be closed from the millisecond on at which its last window ends', async () => {
  const end = (overBucket + 1) * settings.bucketMs + settings.windowMs
  let now = end - 1
  const endpoint = open(':memory:', () => now).endpoint(settings)
  const counts = [{ arm: 'a', bucket: overBucket, pulls: 2 }]
  await endpoint.recordPulls({ gateway: 'g', sequence: 1, counts })
  expect((await endpoint.closeBucket({ bucket: overBucket, epoch: 7 })).unrewarded.size).toBe(0)
  now = end
  expect((await endpoint.closeBucket({ bucket: overBucket, epoch: 7 })).unrewarded.get('a')).toBe(2)
})

test('a file that is deleted or replaced under a running gateway takes and tells nothing more', async () => {
  for (const hurt of [
    (path: string) => rm(path),
    async (path: string) => {
      await copyFile(path, `${path}+`)
      await rename(`${path}+`, path)
    },
  ]) {
    const path = join(await tempDir(), 'bandit.db')
    const store = open(path)
    const endpoint = store.endpoint(settings)
    await endpoint.applyReward(reward())
    await hurt(path)
    const attempts = [
      endpoint.applyReward(reward({ key: keyOf(2) })),
      endpoint.readState(),
      endpoint.recordDecision('d', 'value', 1000),
      store.ping(),
    ]
    for (const attempt of await Promise.allSettled(attempts))
      expect(attempt).toMatchObject({
        reason: { code: 'store_unavailable', message: expect.stringMatching(/was removed or replaced/) },
      })
  }
})

test('openStore takes the file from the address', async () => {
  const dir = await tempDir()
  for (const [url, file] of [
    [`sqlite:${dir}/a.db`, 'a.db'],
    [`sqlite://${dir}/b.db`, 'b.db'],
  ] as const) {
    const store = openStore(url, { clock: Date.now })
    onTestFinished(() => store.close())
    await store.ping()
    expect(store.kind).toBe('sqlite')
    expect(await readdir(dir)).toContain(file)
  }
})

test('openStore lists the kinds of address it knows, and repeats no password', () => {
  for (const url of ['postgres://joe:swordfish@db/1', 'swordfish', 'redis:swordfish'])
    expect(() => openStore(url, { clock: Date.now })).toThrow(
      /^unknown store "(postgres|redis)?": its address must begin with one of sqlite:, redis:\/\/, rediss:\/\/, redis-sentinel:\/\/, [-\w:/, ]+$/,
    )
})
