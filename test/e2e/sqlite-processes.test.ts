import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { DatabaseSync } from 'node:sqlite'
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'
import { createSqliteStore } from '../../bandit/store/sqlite/sqlite.ts'
import type { EndpointState } from '../../bandit/store/store.ts'
import { keyOf, overBucket, reward, settings } from '../contract/store/fixture.ts'
import { tempDir } from '../support/temp-dir.ts'
import { waitUntil } from '../support/wait-until.ts'

const script = fileURLToPath(new URL('sqlite-writer.ts', import.meta.url))

/** A process that writes rewards to the file, and the numbers of those it was told are kept. */
const startWriter = (path: string, first: number, count: number) => {
  const child: ChildProcess = spawn(
    process.execPath,
    [script, path, ...[overBucket, first, count].map(String)],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  )
  onTestFinished(() => void child.kill('SIGKILL'))
  const acknowledged: number[] = []
  const lines = createInterface({ input: child.stdout! })
  lines.on('line', (line) => acknowledged.push(Number(line)))
  const ended = Promise.all([once(child, 'close'), once(lines, 'close')]).then(
    ([[code]]) => code as number | null,
  )
  return { child, acknowledged, ended }
}

const openEndpoint = (path: string) => {
  const store = createSqliteStore({ path, clock: Date.now })
  onTestFinished(() => store.close())
  return store.endpoint(settings)
}

/** How many rewards are in the sums, in all three ways they are counted. */
const counted = (state: EndpointState | undefined): number[] => {
  const arms = [...state!.arms.values()]
  const add = (numbers: number[]) => numbers.reduce((sum, n) => sum + n, 0)
  return [
    add(arms.map(({ epochs }) => epochs.get(7)?.[0] ?? 0)),
    add(arms.map(({ totals }) => totals.rewarded)),
    add(arms.flatMap(({ open }) => [...open.values()].map(({ rewarded }) => rewarded))),
  ]
}

const checkIntegrity = (path: string): void => {
  const database = new DatabaseSync(path)
  expect(database.prepare('PRAGMA integrity_check').all()).toEqual([{ integrity_check: 'ok' }])
  database.close()
}

test('kill -9 of a writing process loses no acknowledged reward', async () => {
  const path = join(await tempDir(), 'bandit.db')
  for (let round = 0; round < 3; round += 1) {
    const { child, acknowledged, ended } = startWriter(path, round * 1_000_000, 1_000_000)
    await waitUntil(() => acknowledged.length > 200, { what: 'rewards are written', timeoutMs: 20_000 })
    child.kill('SIGKILL')
    await ended

    checkIntegrity(path)
    const endpoint = openEndpoint(path)
    const before = counted(await endpoint.readState())
    expect(new Set(before).size).toBe(1)
    for (const n of acknowledged) {
      const again = await endpoint.applyReward(reward({ key: keyOf(n), arm: n % 2 === 0 ? 'a' : 'b' }))
      expect(again, `reward ${n}`).toMatchObject({ status: 'conflict', mark: 'first' })
    }
    expect(counted(await endpoint.readState())).toEqual(before)
  }
})

test('two processes that write at once count every reward and every pull', async () => {
  const path = join(await tempDir(), 'bandit.db')
  const writers = [startWriter(path, 0, 2000), startWriter(path, 1_000_000, 2000)]
  expect(await Promise.all(writers.map(({ ended }) => ended))).toEqual([0, 0])
  for (const { acknowledged } of writers) expect(acknowledged).toHaveLength(2000)

  checkIntegrity(path)
  const state = await openEndpoint(path).readState()
  expect(counted(state)).toEqual([4000, 4000, 4000])
  expect(state!.arms.get('a')!.totals.pulls).toBe(4000)
})

test('processes that start together on a new file all get it', async () => {
  const path = join(await tempDir(), 'bandit.db')
  const writers = [0, 1, 2, 3].map((n) => startWriter(path, n * 1_000_000, 4))
  expect(await Promise.all(writers.map(({ ended }) => ended))).toEqual([0, 0, 0, 0])
  expect(counted(await openEndpoint(path).readState())).toEqual([16, 16, 16])
})
