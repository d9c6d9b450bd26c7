import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { isDeepStrictEqual } from 'node:util'
import { createSqliteStore } from '../../../bandit/store/sqlite/sqlite.ts'
import { settings } from '../../bandit/journal/shop.ts'
import type { Choices } from './choices.ts'
import { countsOf } from './counts.ts'
import type { Played } from './played.ts'
import { openCrew } from './sqlite-crew.ts'
import { createHistory } from './sqlite-history.ts'

/** More arms than that in one file would make every reading of the state slow. */
const historiesAFile = 250

/**
 * Histories of feedback through two processes with one SQLite file, which are killed in the middle of a transaction, find
 * the disk full or the lock with somebody else, whose answers are lost and whose clock steps by hours. After each, sums and
 * counts in the file must be those of a map of events, exactly; once more when its window has ended.
 */
export async function playOnSqlite(count: number, choices: Choices): Promise<Played> {
  const wrong: string[] = []
  const met = { lost: 0, full: 0, busy: 0, late: 0 }
  let killed = 0
  await using shared = new AsyncDisposableStack()
  const cache = await mkdtemp(join(tmpdir(), 'bandit-compiled-'))
  shared.defer(() => rm(cache, { recursive: true, force: true }))
  for (let first = 0; first < count; first += historiesAFile) {
    await using begun = new AsyncDisposableStack()
    const folder = await mkdtemp(join(tmpdir(), 'bandit-histories-'))
    begun.defer(() => rm(folder, { recursive: true, force: true }))
    const path = join(folder, 'bandit.db')
    const store = createSqliteStore({ path, clock: Date.now })
    begun.defer(() => store.close())
    const reader = store.endpoint(settings)
    const rival = new DatabaseSync(path, { timeout: 0 })
    begun.defer(() => rival.close())
    const crew = await openCrew(path, cache)
    begun.defer(() => crew.close())
    for (let number = first; number < Math.min(count, first + historiesAFile); number += 1) {
      const history = createHistory({ number, crew, rival, choices, met })
      const compare = async (when: string): Promise<void> => {
        const [expected, counted] = [
          history.expected(),
          countsOf((await reader.readState())?.arms.get(history.arm)),
        ]
        if (!isDeepStrictEqual(expected, counted))
          wrong.push(
            `${number}, ${when}: expected ${JSON.stringify(expected)}, found ${JSON.stringify(counted)}`,
          )
      }
      await history.play()
      await compare('its feedback there')
      await history.end()
      await compare('its window over')
    }
    killed += crew.killed()
    const [check] = rival.prepare('PRAGMA integrity_check').all()
    if (!isDeepStrictEqual({ ...check }, { integrity_check: 'ok' }))
      wrong.push(`the file of ${first}: ${JSON.stringify(check)}`)
  }
  return { wrong, met: { killed, ...met } }
}
