import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { endpointKeys } from '../../bandit/store/redis/keys.ts'
import { settings } from '../bandit/journal/shop.ts'
import { findRedis } from '../support/find-redis.ts'
import { startRedis, type RedisServer } from '../support/start-redis.ts'
import { waitUntil } from '../support/wait-until.ts'
import { type ClusterGroup, startClusterGroup } from './bench/cluster.ts'
import { type FeedbackReport, runFeedbackLoad } from './bench/feedback-load.ts'
import { openNetwork } from './bench/partition.ts'
import { demand, type Scenario } from './bench/scenario.ts'
import { startSentinelGroup } from './bench/sentinel.ts'

/** Feedback while Redis is hurt. Nothing may be lost and nothing may count twice, to the last digit of the sum. */
export const redis: readonly Scenario[] = [
  {
    id: 'D1',
    does: 'kill -9 of a single Redis under feedback, back after 3 s',
    ...within({ darkMs: 8000, byHand: true }, () => singleServer(killAndBack(3000))),
  },
  {
    id: 'D2',
    does: 'SIGSTOP of a single Redis under feedback for 5 s',
    ...within({ darkMs: 7000, byHand: true }, () => singleServer((server) => freeze(server, 5000))),
  },
  {
    id: 'D3',
    does: 'kill -9 of the master that three Sentinels watch, down-after 1 s',
    ...within({ darkMs: 4000 }, () => sentinel(kill)),
  },
  {
    id: 'D4',
    does: 'SIGSTOP of the master that three Sentinels watch for 10 s, then SIGCONT',
    ...within({ darkMs: 5000, byHand: true }, () => sentinel((server) => freeze(server, 10_000))),
  },
  {
    id: 'D5',
    does: 'a cut for 5 s between the gateway with the old master and all others, who elect another one',
    expects:
      '0 lost, 0 doubled, 0 refused, though the old master acknowledged for seconds what it then threw away',
    byHand: true,
    run: partition,
  },
  {
    id: 'D6',
    does: 'kill -9 of a Cluster master, node timeout 2 s',
    ...within({ darkMs: 10_000 }, () => cluster(async (group) => kill(await group.masterOf(version)))),
  },
  {
    id: 'D6.2',
    does: 'SIGSTOP of a Cluster master for 12 s, then SIGCONT',
    ...within({ darkMs: 10_000, byHand: true }, () =>
      cluster(async (group) => freeze(await group.masterOf(version), 12_000)),
    ),
  },
  {
    id: 'D6.3',
    does: 'the endpoint’s slot of a Cluster moved to another master, key by key',
    ...within({ darkMs: 10_000 }, () => cluster((group) => group.moveSlotOf(version))),
  },
]

interface Limits {
  readonly darkMs: number
  readonly byHand?: boolean
}

function within({ darkMs, byHand = false }: Limits, play: () => Promise<FeedbackReport>) {
  return {
    shownBy: 'test/e2e/store-failover.test.ts',
    expects: `0 lost, 0 doubled, 0 refused, the store reached again within ${darkMs / 1000} s`,
    byHand,
    async run(): Promise<string> {
      const report = await play()
      const { acknowledged, journalled, refused, lost, doubled, sumOff } = report
      const figures = `${acknowledged} acknowledged, ${journalled} of them journalled, ${lost} lost, ${doubled} doubled, dark ${(report.darkMs / 1000).toFixed(1)} s`
      demand(lost === 0 && doubled === 0 && sumOff === 0 && refused === 0, `${figures}, ${refused} refused`)
      demand(journalled > 0, 'nothing was hurt')
      demand(report.darkMs <= darkMs, figures)
      return figures
    },
  }
}

/** In the slot of every key of the endpoint. */
const { version } = endpointKeys('bandit', settings.endpoint, settings.generation)

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

/** What the old master acknowledged alone is gone with its demotion, and comes back from the journal. */
async function partition(): Promise<string> {
  const network = await openNetwork()
  if (network === undefined) return 'not run: no network namespaces can be made here'
  await using begun = new AsyncDisposableStack()
  begun.defer(() => network.close())
  const farBinary = await network.beyond((await findRedis())!)
  const group = await startSentinelGroup({ places: { ...network, farBinary } })
  begun.defer(() => group.stop())
  const before = await group.master()
  const report = await runFeedbackLoad({
    url: group.url,
    async hurt() {
      await network.cut()
      await sleep(5000)
      await network.mend()
      const isElsewhere = async () => (await group.master()) !== before
      await waitUntil(isElsewhere, { what: 'the Sentinels say that another is master', timeoutMs: 10_000 })
    },
  })
  const { acknowledged, lost, doubled, refused, sumOff, told } = report
  const again = told.find((each) => /^restored .*"applied"/.test(each))
  const figures = `${acknowledged} acknowledged, ${lost} lost, ${doubled} doubled, ${refused} refused; ${again ?? 'nothing was lost on the way'}`
  demand(lost === 0 && doubled === 0 && sumOff === 0 && refused === 0, figures)
  demand(again !== undefined, `${figures}: ${told.join(', ')}`)
  return figures
}

async function cluster(hurt: (group: ClusterGroup) => Promise<void>): Promise<FeedbackReport> {
  const group = await startClusterGroup()
  try {
    return await runFeedbackLoad({ url: group.url, hurt: () => hurt(group) })
  } finally {
    await group.stop()
  }
}
