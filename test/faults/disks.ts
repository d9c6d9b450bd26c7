import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { DatabaseSync } from 'node:sqlite'
import { fileURLToPath } from 'node:url'
import { overBucket } from '../contract/store/fixture.ts'
import type { Bench } from './bench/bench.ts'
import { decide, greetings, type Decided } from './bench/greetings.ts'
import { countBy } from './bench/load.ts'
import { demand, type Scenario } from './bench/scenario.ts'

/** A file system of its own that is as small as that. */
async function smallDisk(bench: Bench, size: string): Promise<string> {
  const path = await bench.dir()
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${size}`, 'bandit', path])
  bench.atEnd(() => execFileSync('umount', ['-l', path]))
  return path
}

/** Nothing more goes there. */
async function fill(disk: string): Promise<void> {
  for (const size of [65_536, 4096, 1]) {
    for (let part = 0; ; part++) {
      const written = await writeFile(join(disk, `full-${size}-${part}`), Buffer.alloc(size)).then(
        () => true,
        () => false,
      )
      if (!written) break
    }
  }
}

/** What is said to the rewards of these decisions, a few at a time. */
async function tell(
  post: (path: string, body: unknown) => Promise<{ status: number }>,
  some: readonly Decided[],
) {
  const statuses: number[] = []
  for (const { prediction_id } of some)
    statuses.push((await post('/feedback', { prediction_id, reward: 1 })).status)
  return statuses
}

const full: Scenario = {
  id: 'F4',
  byHand: true,
  does: 'fills the disk of the journal, then takes Redis away (to be run by root, who may mount)',
  expects:
    'with Redis 200; without it 503 with Retry-After and never 202; decisions go on; all that was taken is counted',
  async run(bench) {
    const disk = await smallDisk(bench, '1m')
    const server = await bench.redis()
    const config = { ...greetings({ arms: ['one', 'two'] }), journal: join(disk, 'journal.db') }
    const gateway = await bench.gateway({ config, store: server.url })
    const decided = await decide(gateway, 1200)
    const sound = await tell(gateway.post, decided.slice(0, 50))
    await fill(disk)
    const filled = await tell(gateway.post, decided.slice(50, 600))
    process.kill(server.pid, 'SIGSTOP')
    const away = await tell(gateway.post, decided.slice(600, 700))
    const going = await decide(gateway, 20)
    process.kill(server.pid, 'SIGCONT')
    const seen = `${countBy(sound, (status) => status)}; full: ${countBy(filled, (status) => status)}; without Redis: ${countBy(away, (status) => status)}, ${going.length} decisions`
    demand(
      sound.every((status) => status === 200),
      seen,
    )
    demand(
      filled.every((status) => status === 200 || status === 503),
      seen,
    )
    // What still fitted into pages that the file had already is journalled for good.
    demand(away.filter((status) => status === 202).length <= 20 && away.at(-1) === 503, seen)
    return seen
  },
}

const writer = fileURLToPath(new URL('../e2e/sqlite-writer.ts', import.meta.url))
const kills = 100

const torn: Scenario = {
  id: 'F5',
  byHand: true,
  limitMs: 600_000,
  shownBy: 'test/e2e/sqlite-processes.test.ts',
  does: `kills a process that writes rewards into one SQLite file ${kills} times, at random moments`,
  expects: 'the file is sound each time, and holds every reward that was acknowledged',
  async run(bench) {
    const path = join(await bench.dir(), 'bandit.db')
    let acknowledged = 0
    for (let kill = 0; kill < kills; kill++) {
      const arguments_ = [writer, path, ...[overBucket, kill * 1_000_000, 1_000_000].map(String)]
      const child = spawn(process.execPath, arguments_, { stdio: ['ignore', 'pipe', 'inherit'] })
      bench.atEnd(() => child.kill('SIGKILL'))
      const lines = createInterface({ input: child.stdout })
      const closed = once(lines, 'close')
      let told = 0
      const first = Promise.withResolvers<void>()
      lines.on('line', () => {
        told++
        first.resolve()
      })
      await Promise.race([first.promise, closed])
      demand(told > 0, `writer ${kill + 1} ended by itself`)
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 100))
      child.kill('SIGKILL')
      await closed
      acknowledged += told
      const database = new DatabaseSync(path)
      const [{ integrity_check: integrity } = { integrity_check: '' }] = database
        .prepare('PRAGMA integrity_check')
        .all()
      const marks = Number(database.prepare('SELECT count(*) AS count FROM marks').get()!['count'])
      database.close()
      demand(integrity === 'ok', `after kill ${kill + 1}: ${String(integrity)}`)
      demand(marks >= acknowledged, `${acknowledged} acknowledged, ${marks} there after kill ${kill + 1}`)
    }
    return `${kills} kills, ${acknowledged} rewards acknowledged, all there, the file sound each time`
  },
}

export const disks: readonly Scenario[] = [full, torn]
