import { pathToFileURL } from 'node:url'
import { choicesOf } from './histories/choices.ts'
import { playOnRedis } from './histories/on-redis.ts'
import { playOnSqlite } from './histories/on-sqlite.ts'
import type { Played } from './histories/played.ts'

/**
 * Plays random histories of feedback against a real store to which everything happens that may. After each, the store must
 * hold what a map of the events says, exactly.
 *
 *     node test/faults/histories.ts 10000 [seed] [redis | sqlite]
 */
export interface HistoriesReport extends Played {
  readonly histories: number
  readonly msPerHistory: number
}

const stores = { redis: playOnRedis, sqlite: playOnSqlite }

export async function runHistories(
  histories: number,
  seed: number,
  store: keyof typeof stores,
): Promise<HistoriesReport> {
  const start = performance.now()
  const played = await stores[store](histories, choicesOf(seed))
  return { histories, ...played, msPerHistory: (performance.now() - start) / histories }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const [, , count = '200', seed = '1', store = 'redis'] = process.argv
  const report = await runHistories(Number(count), Number(seed), store as keyof typeof stores)
  console.log(report)
  if (report.wrong.length > 0) process.exitCode = 1
}
