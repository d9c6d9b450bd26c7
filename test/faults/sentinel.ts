import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Redis } from 'ioredis'
import { freePort } from '../support/free-port.ts'
import { type RedisServer, startRedis } from '../support/start-redis.ts'
import { waitUntil } from '../support/wait-until.ts'

/** One master, two replicas and three Sentinels on loopback. */
export interface SentinelGroup {
  /** As the gateway's configuration names it. */
  readonly url: string
  readonly servers: readonly RedisServer[]
  /** The server that the Sentinels send clients to now. */
  master(): Promise<RedisServer>
  stop(): Promise<void>
}

const name = 'mymaster'

/** Ready once every Sentinel knows the others and both replicas. */
export async function startSentinelGroup({ downAfterMs = 1000 } = {}): Promise<SentinelGroup> {
  await using begun = new AsyncDisposableStack()
  const started: RedisServer[] = []
  async function start(args: readonly string[]): Promise<RedisServer> {
    const server = await startRedis({ args })
    begun.defer(() => server.stop())
    started.push(server)
    return server
  }
  const master = await start([])
  const replicaOf = ['--replicaof', `127.0.0.1 ${master.port}`, '--repl-diskless-sync-delay', '0']
  const servers = [master, await start(replicaOf), await start(replicaOf)]
  const folder = await mkdtemp(join(tmpdir(), 'bandit-sentinel-'))
  begun.defer(() => rm(folder, { recursive: true, force: true }))
  const ports = [await freePort(), await freePort(), await freePort()]
  for (const port of ports) {
    const path = join(folder, `${port}.conf`)
    await writeFile(path, toConfig(master.port, downAfterMs))
    const sentinel = await startRedis({ port, dir: folder, sentinel: path })
    begun.defer(() => sentinel.stop())
  }
  const asked = new Redis(ports[0]!, '127.0.0.1').on('error', () => undefined)
  begun.defer(() => asked.disconnect())
  const facts = async () => {
    const flat = (await asked.call('SENTINEL', 'MASTER', name)) as string[]
    return new Map(flat.map((value, at) => [value, flat[at + 1]]))
  }
  await waitUntil(
    async () => {
      const known = await facts()
      return known.get('num-slaves') === '2' && known.get('num-other-sentinels') === '2'
    },
    { what: 'the Sentinels know everybody', timeoutMs: 30_000 },
  )
  const end = begun.move()
  return {
    url: `redis-sentinel://${ports.map((port) => `127.0.0.1:${port}`).join(',')}/${name}`,
    servers,
    async master() {
      const port = Number((await facts()).get('port'))
      return servers.find((server) => server.port === port)!
    },
    stop: () => end.disposeAsync(),
  }
}

function toConfig(port: number, downAfterMs: number): string {
  return [
    `sentinel monitor ${name} 127.0.0.1 ${port} 2`,
    `sentinel down-after-milliseconds ${name} ${downAfterMs}`,
    `sentinel failover-timeout ${name} 10000`,
    `sentinel parallel-syncs ${name} 2`,
  ].join('\n')
}
