import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { endpointKeys } from '../../bandit/store/keys.ts'
import { settings } from '../bandit/journal/shop.ts'
import { startRedis, type RedisServer } from '../support/start-redis.ts'
import { startClusterGroup } from './cluster.ts'
import { type FeedbackReport, runFeedbackLoad } from './feedback-load.ts'
import { startSentinelGroup } from './sentinel.ts'

/** Feedback while Redis is hurt, by the scenario's name. Each must end with nothing lost and nothing doubled. */
export const redisScenarios = {
  'D1 kill -9 of a single server, back after 3 s': () => singleServer(killAndBack(3000)),
  'D2 SIGSTOP of a single server for 5 s': () => singleServer((server) => freeze(server, 5000)),
  'D3 kill -9 of the master that Sentinels watch': () => sentinel(kill),
  'D4 SIGSTOP of the master that Sentinels watch for 10 s': () =>
    sentinel((server) => freeze(server, 10_000)),
  'D6 kill -9 of a Cluster master': () => cluster(kill),
  'D6 SIGSTOP of a Cluster master for 12 s': () => cluster((server) => freeze(server, 12_000)),
} satisfies Record<string, () => Promise<FeedbackReport>>

/** By then clients have noticed that it is gone, and nothing has taken its place yet. */
const noticedAfterMs = 500

type Hurt = (server: RedisServer) => Promise<void>

async function kill({ pid }: RedisServer): Promise<void> {
  process.kill(pid, 'SIGKILL')
  await sleep(noticedAfterMs)
}

async function freeze({ pid }: RedisServer, forMs: number): Promise<void> {
  process.kill(pid, 'SIGSTOP')
  try {
    await sleep(forMs)
  } finally {
    process.kill(pid, 'SIGCONT')
  }
}

type Single = RedisServer & { readonly back: () => Promise<void> }

const killAndBack = (afterMs: number) => async (server: Single) => {
  process.kill(server.pid, 'SIGKILL')
  await server.stop()
  await sleep(afterMs)
  await server.back()
}

/** Its file is flushed once a second, as is usual: what was acknowledged last may be lost with the machine. */
async function singleServer(hurt: (server: Single) => Promise<void>): Promise<FeedbackReport> {
  const dir = await mkdtemp(join(tmpdir(), 'bandit-redis-'))
  const args = ['--appendonly', 'yes']
  await using begun = new AsyncDisposableStack()
  begun.defer(() => rm(dir, { recursive: true, force: true }))
  const start = async (port?: number) => {
    const server = await startRedis({ dir, args, ...(port !== undefined && { port }) })
    begun.defer(() => server.stop())
    return server
  }
  const server = await start()
  const back = async () => void (await start(server.port))
  return await runFeedbackLoad({ url: server.url, hurt: () => hurt({ ...server, back }) })
}

async function sentinel(hurt: Hurt): Promise<FeedbackReport> {
  const group = await startSentinelGroup()
  try {
    return await runFeedbackLoad({ url: group.url, hurt: async () => hurt(await group.master()) })
  } finally {
    await group.stop()
  }
}

async function cluster(hurt: Hurt): Promise<FeedbackReport> {
  const group = await startClusterGroup()
  const { version } = endpointKeys('bandit', settings.endpoint, settings.generation)
  try {
    return await runFeedbackLoad({ url: group.url, hurt: async () => hurt(await group.masterOf(version)) })
  } finally {
    await group.stop()
  }
}
