import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, onTestFinished, test, vi } from 'vitest'
import { openDatabase } from '../../../../bandit/store/sqlite/sqlite-database.ts'
import { createGroupCommit } from '../../../../bandit/store/sqlite/sqlite-group-commit.ts'
import { StoreUnavailable } from '../../../../bandit/store/store.ts'
import { tempDir } from '../../../support/temp-dir.ts'

const migrations = ['CREATE TABLE words (word TEXT NOT NULL UNIQUE) STRICT']

const open = async () => {
  const path = join(await tempDir(), 'words.db')
  const newDatabase = () => {
    const database = openDatabase({ path, applicationId: 1, migrations })
    onTestFinished(() => void (database.isOpen && database.close()))
    return database
  }
  const database = newDatabase()
  const tidy = vi.fn<(works: number) => void>()
  const group = createGroupCommit({ database, path, tidy })
  const insert = database.prepare('INSERT INTO words VALUES (?)')
  return { database, newDatabase, tidy, group, insert: (word: string) => insert.run(word).changes }
}

const words = (database: ReturnType<typeof openDatabase>): unknown[] =>
  database
    .prepare('SELECT word FROM words ORDER BY word')
    .all()
    .map(({ word }) => word)

test('writes of one turn share a transaction, in groups of a bounded size', async () => {
  const { group, insert, tidy, newDatabase } = await open()
  const results = await Promise.all(
    Array.from({ length: 450 }, (_, i) => group.run(() => insert(`w${i}`), 'normal')),
  )
  expect(results).toEqual(Array.from({ length: 450 }, () => 1))
  expect(tidy.mock.calls).toEqual([[200], [200], [50]])
  expect(words(newDatabase())).toHaveLength(450)
})

test('a promise settles only after the commit', async () => {
  const { group, insert, newDatabase } = await open()
  const seen: unknown[] = []
  const other = newDatabase()
  await Promise.all(
    ['a', 'b'].map((word) => group.run(() => insert(word), 'full').then(() => seen.push(words(other)))),
  )
  expect(seen).toEqual([
    ['a', 'b'],
    ['a', 'b'],
  ])
})

test('a fault undoes and fails its own write only', async () => {
  const { group, insert, database } = await open()
  const twice = () => {
    insert('half')
    return insert('a')
  }
  const results = await Promise.allSettled([
    group.run(() => insert('a'), 'normal'),
    group.run(twice, 'normal'),
    group.run(() => insert('b'), 'normal'),
  ])
  expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
  expect(words(database)).toEqual(['a', 'b'])
})

test('a transaction is as durable as the most careful of its writes asks', async () => {
  const { group, database } = await open()
  const level = () => database.prepare('PRAGMA synchronous').get()!.synchronous
  const [normal, full] = [1, 2]
  expect(await group.run(level, 'normal')).toBe(normal)
  expect(await Promise.all([group.run(level, 'normal'), group.run(level, 'full')])).toEqual([full, full])
  expect(await group.run(level, 'normal')).toBe(normal)
})

test('a write waits while another process holds the lock, and gives up in time', async () => {
  const { group, insert, newDatabase, database } = await open()
  const other = newDatabase()
  other.exec('BEGIN IMMEDIATE')
  const waiting = group.run(() => insert('a'), 'normal')
  await sleep(100)
  other.exec('COMMIT')
  expect(await waiting).toBe(1)

  other.exec('BEGIN IMMEDIATE')
  const startedAt = performance.now()
  await expect(group.run(() => insert('b'), 'normal')).rejects.toThrow(/another process is holding it/)
  expect(performance.now() - startedAt).toBeLessThan(1500)
  other.exec('COMMIT')
  expect(await group.run(() => insert('b'), 'normal')).toBe(1)
  expect(words(database)).toEqual(['a', 'b'])
})

test('on a full disk what is answered is kept, and what is refused is not', async () => {
  const { group, insert, database } = await open()
  database.exec('PRAGMA max_page_count = 8')
  const long = (letter: string) => letter.repeat(6000)
  const asked = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'].map((letter) =>
    letter < 'c' ? letter : long(letter),
  )
  const results = await Promise.allSettled(asked.map((word) => group.run(() => insert(word), 'full')))
  const refused = results.filter((result) => result.status === 'rejected')
  expect(refused.length).toBeGreaterThan(0)
  for (const { reason } of refused) {
    expect(reason).toBeInstanceOf(StoreUnavailable)
    expect(reason.message).toMatch(/the disk is full/)
  }
  expect(words(database)).toEqual(asked.filter((_, i) => results[i]!.status === 'fulfilled'))
})

test('closing commits what waits, and refuses what comes after', async () => {
  const { group, insert, database } = await open()
  const waiting = group.run(() => insert('a'), 'normal')
  group.close()
  await expect(group.run(() => insert('b'), 'normal')).rejects.toThrow(StoreUnavailable)
  expect(await waiting).toBe(1)
  expect(words(database)).toEqual(['a'])
})
