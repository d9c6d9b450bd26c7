import { mkdtempDisposable } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startRedis } from '../support/start-redis.ts'
import type { Address } from './address.ts'
import { prove, recentTraffic } from './prove.ts'

/**
 * A million pieces of feedback, a fifth of them duplicates and a twentieth corrections, shuffled, through three
 * processes of which one is killed half-way:
 *
 *     node test/proof/million-events.ts sqlite|redis [events]
 *
 * Events are a multiple of 20. Ends with an error where one bit of the store differs from a replay from scratch.
 */
const [kind = 'sqlite', count = '1000000'] = process.argv.slice(2)
const traffic = recentTraffic(Number(count))

const report = async (address: Address): Promise<void> => {
  const { writingMs, ...proof } = await prove(address, traffic)
  const seconds = writingMs / 1000
  console.log({ store: kind, events: traffic.events, seconds, perSecond: traffic.events / seconds, ...proof })
}

if (kind === 'redis') {
  // Every write is on the disk within a second, as where feedback is journalled.
  const redis = await startRedis({ args: ['--appendonly', 'yes'] })
  try {
    await report({ kind, url: redis.url, prefix: 'bandit' })
  } finally {
    await redis.stop()
  }
} else {
  await using dir = await mkdtempDisposable(join(tmpdir(), 'bandit-'))
  await report({ kind: 'sqlite', path: join(dir.path, 'bandit.db') })
}
