import { readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { openJournal } from '../../../bandit/journal/open-journal.ts'
import { createSqliteStore } from '../../../bandit/store/sqlite/sqlite.ts'
import { tempDir } from '../../support/temp-dir.ts'
import { feedback, newJournal } from './fixture.ts'

describe('entries', () => {
  test('are there again when the file is opened again, in the order of acceptance, with what they were judged by', async () => {
    const first = await newJournal()
    const ids = await Promise.all([1, 2, 3, 4].map((number) => first.journal.append(feedback(number))))
    const record = { endpoint: 'digits', key: 'key', value: '{"l":[7]}' }
    const stamps = [{ born: 1_700_000_000_000_000, version: 7 }]
    first.journal.settle(ids[1]!, { record, stamps })
    first.journal.forget(ids[2]!)
    await first.journal.close()

    const { journal } = await newJournal({ path: first.path })
    expect(journal.unsettled(0, 10).map((entry) => entry.feedback)).toEqual([feedback(1), feedback(4)])
    expect(journal.settled(0, 10)).toEqual([{ id: ids[1], feedback: feedback(2), record, stamps }])
    expect(journal.state()).toMatchObject({ unsettled: 2, settled: 1 })
  })

  test('in somebody’s hands are not found until they are released, and settled ones never again', async () => {
    const { journal } = await newJournal()
    const [first, second, third] = await Promise.all([1, 2, 3].map((n) => journal.append(feedback(n))))
    expect(journal.unsettled(0, 1)).toEqual([])
    journal.release(second!)
    journal.release(third!)
    expect(journal.unsettled(0, 1).map(({ id }) => id)).toEqual([second])
    journal.settle(second!)
    expect(journal.unsettled(0, 1).map(({ id }) => id)).toEqual([third])
    await journal.flush()
    expect(journal.unsettled(0, 10).map(({ id }) => id)).toEqual([third])
    journal.settle(first!)
    journal.settle(third!)
    await journal.flush()
    expect(journal.state()).toMatchObject({ unsettled: 0, settled: 3 })
  })

  test('that are set aside are found by another start', async () => {
    const { journal, path } = await newJournal()
    const id = await journal.append(feedback(1))
    journal.setAside(id)
    expect(journal.unsettled(0, 10)).toEqual([])
    expect(journal.state().unsettled).toBe(1)
    await journal.close()
    const later = await newJournal({ path })
    expect(later.journal.unsettled(0, 10)).toHaveLength(1)
  })

  test('that wait say how far the journal has come, under a name that it keeps', async () => {
    const { journal, path } = await newJournal({ clock: () => 9_000_000_000_000 })
    const { journal: name, brought } = journal.progress()
    expect(name).toMatch(/^[0-9a-f-]{36}$/)
    expect(brought).toBe(9_000_000_000_000)
    const ids = await Promise.all([3, 4].map((n) => journal.append(feedback(n))))
    for (const id of ids) journal.release(id)
    expect(journal.progress()).toEqual({ journal: name, brought: feedback(3).acceptedAt })
    journal.settle(ids[0]!)
    expect(journal.progress().brought).toBe(feedback(4).acceptedAt)
    journal.setAside(ids[1]!)
    expect(journal.progress().brought).toBe(9_000_000_000_000)
    await journal.close()
    const later = await newJournal({ path })
    expect(later.journal.progress()).toEqual({ journal: name, brought: feedback(4).acceptedAt })
    expect(later.journal.identities()).toEqual(new Map())
  })

  test('are on the disk in one flush for many', async () => {
    const times: number[] = []
    const { journal } = await newJournal({ committed: (seconds) => void times.push(seconds) })
    await Promise.all(Array.from({ length: 500 }, (_, number) => journal.append(feedback(number))))
    expect(times).toHaveLength(500)
    expect(journal.state()).toMatchObject({ unsettled: 500, settled: 0 })
  })

  test('go some minutes after they were settled, as long as the store still had them meanwhile', async () => {
    let now = 0
    const { journal } = await newJournal({ keepMs: 1000, clock: () => now })
    const settle = async (number: number) => journal.settle(await journal.append(feedback(number)))
    await settle(1)
    await journal.flush()
    now = 5000
    await settle(2)
    await journal.flush()
    // Nobody has seen the store since.
    expect(journal.state().settled).toBe(2)
    journal.confirm(1001)
    await journal.flush()
    expect(journal.settled(0, 10).map((entry) => entry.feedback)).toEqual([feedback(2)])
    expect(journal.state()).toMatchObject({ unsettled: 0, settled: 1 })
  })

  test('settled ones make room at the size limit, unsettled ones never: then no more is taken', async () => {
    const { journal } = await newJournal({ maxBytes: 300_000 })
    const big = { eventId: 'e'.repeat(2000) }
    const fill = async (keep: (id: number) => void) => {
      for (let number = 0; number < 600; number += 20) {
        const batch = Array.from({ length: 20 }, (_, n) => journal.append(feedback(number + n, big)))
        for (const result of await Promise.allSettled(batch)) {
          if (result.status === 'rejected') return result.reason as Error
          keep(result.value)
        }
        await journal.flush()
      }
      return undefined
    }
    expect(await fill((id) => journal.settle(id))).toBeUndefined()
    expect(journal.state().bytes).toBeLessThan(450_000)
    const before = journal.state()
    const taken: number[] = []
    const fault = await fill((id) => void taken.push(id))
    expect(fault).toMatchObject({ code: 'store_unavailable', message: expect.stringMatching(/its size/) })
    expect(before.settled).toBeGreaterThan(0)
    expect(journal.state()).toMatchObject({ unsettled: taken.length, settled: 0 })
    for (const id of taken) journal.release(id)
    expect(journal.unsettled(0, 1000).map(({ id }) => id)).toEqual(taken)

    for (const id of taken) journal.settle(id)
    await journal.flush()
    expect(await journal.append(feedback(1))).toBeGreaterThan(taken.at(-1)!)
  })

  test('remember the store’s identities', async () => {
    const { path, journal } = await newJournal()
    expect(journal.identities()).toEqual(new Map())
    await journal.keepIdentities(new Map([['digits/1', 'a']]))
    await journal.close()
    const again = await newJournal({ path })
    expect(again.journal.identities()).toEqual(new Map([['digits/1', 'a']]))
  })
})

describe('the file', () => {
  const options = { maxBytes: 1e6, keepMs: 1000, clock: Date.now }

  test('that is deleted while it is in use takes nothing more', async () => {
    const { journal, path } = await newJournal()
    await journal.append(feedback(1))
    await rm(path)
    await expect(journal.append(feedback(2))).rejects.toThrow(/was removed or replaced while it was in use/)
  })

  test('belongs to one at a time', async () => {
    const { path, journal } = await newJournal()
    await expect(openJournal({ ...options, path })).rejects.toMatchObject({
      code: 'store_unavailable',
      message: expect.stringMatching(/another process is holding it/),
    })
    await journal.append(feedback(1))
    await journal.close()
    await newJournal({ path })
  })

  test('is refused when it is something else', async () => {
    const dir = await tempDir()
    const path = join(dir, 'store.db')
    await createSqliteStore({ path, clock: Date.now }).close()
    await expect(openJournal({ ...options, path })).rejects.toThrow(/another program/)
    const text = join(dir, 'notes.txt')
    await writeFile(
      text,
      'these are no entries at all, but a text that is long enough to be looked at\n'.repeat(20),
    )
    await expect(openJournal({ ...options, path: text })).rejects.toThrow(/no SQLite database/)
    await expect(openJournal({ ...options, path: join(text, 'journal.db') })).rejects.toThrow(/cannot use/)
  })

  test('is refused when it is damaged, rather than begun anew', async () => {
    const { path, journal } = await newJournal()
    await Promise.all(Array.from({ length: 300 }, (_, number) => journal.append(feedback(number))))
    await journal.close()
    const bytes = await readFile(path)
    await writeFile(path, bytes.fill(0xa5, 4096))
    await expect(openJournal({ ...options, path })).rejects.toThrow(/damaged/)
    expect((await readFile(path)).length).toBe(bytes.length)
  })
})
