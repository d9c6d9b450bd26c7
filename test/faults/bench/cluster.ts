import { setTimeout as sleep } from 'node:timers/promises'
import { Redis } from 'ioredis'
import { freePort } from '../../support/free-port.ts'
import { type RedisServer, startRedis } from '../../support/start-redis.ts'
import { waitUntil } from '../../support/wait-until.ts'

/** Three masters with a replica each on loopback. */
export interface ClusterGroup {
  readonly url: string
  readonly servers: readonly RedisServer[]
  /** The master of the slot that a key is in, as the other nodes see it now. */
  masterOf(key: string): Promise<RedisServer>
  /** Moves the slot of a key to another master, a key at a time, as resharding does. */
  moveSlotOf(key: string): Promise<void>
  stop(): Promise<void>
}

const slots = 16_384

/** A Cluster node's second port is its first plus 10,000. */
const highestPort = 55_535

/** Ready once every node says that the Cluster is. */
export async function startClusterGroup({ nodeTimeoutMs = 2000 } = {}): Promise<ClusterGroup> {
  await using begun = new AsyncDisposableStack()
  const servers: RedisServer[] = []
  for (let node = 0; node < 6; node += 1) {
    const enabled = ['--cluster-enabled', 'yes', '--cluster-node-timeout', String(nodeTimeoutMs)]
    const quick = ['--repl-diskless-sync-delay', '0', '--cluster-replica-validity-factor', '0']
    const server = await startRedis({ port: await clusterPort(), args: [...enabled, ...quick] })
    begun.defer(() => server.stop())
    servers.push(server)
  }
  const clients = servers.map(({ port }) => new Redis(port, '127.0.0.1').on('error', () => undefined))
  begun.defer(() => {
    for (const client of clients) client.disconnect()
  })
  const [masters, replicas] = [clients.slice(0, 3), clients.slice(3)]
  const share = Math.ceil(slots / masters.length)
  for (const [at, master] of masters.entries()) {
    const last = Math.min(slots, (at + 1) * share) - 1
    await master.cluster('ADDSLOTSRANGE', at * share, last)
    await master.call('CLUSTER', 'SET-CONFIG-EPOCH', at + 1)
  }
  for (const { port } of servers.slice(1)) await clients[0]!.cluster('MEET', '127.0.0.1', port)
  for (const [at, replica] of replicas.entries()) {
    const id = (await masters[at]!.call('CLUSTER', 'MYID')) as string
    const what = 'a replica has heard of its master'
    await waitUntil(() => replica.call('CLUSTER', 'REPLICATE', id), { what, timeoutMs: 20_000 })
  }
  const isReady = async (client: Redis) => {
    const [info, replication] = [await client.cluster('INFO'), await client.info('replication')]
    const synced = /role:master\r\nconnected_slaves:1|master_link_status:up/.test(replication)
    return info.includes('cluster_state:ok') && info.includes('cluster_known_nodes:6') && synced
  }
  const allReady = async () => (await Promise.all(clients.map(isReady))).every(Boolean)
  await waitUntil(allReady, { what: 'the Cluster is there', timeoutMs: 30_000 })
  const someClient = () => clients.find(({ status }) => status === 'ready')!
  async function masterOf(key: string): Promise<RedisServer> {
    const slot = await someClient().cluster('KEYSLOT', key)
    const ranges = (await someClient().call('CLUSTER', 'SLOTS')) as [number, number, [string, number]][]
    const [, , [, port]] = ranges.find(([first, last]) => first <= slot && slot <= last)!
    return servers.find((server) => server.port === port)!
  }
  const end = begun.move()
  return {
    url: `redis-cluster://${servers.map(({ port }) => `127.0.0.1:${port}`).join(',')}`,
    servers,
    masterOf,
    async moveSlotOf(key) {
      const from = clients[servers.indexOf(await masterOf(key))]!
      const to = masters.find((master) => master !== from)!
      const slot = await from.cluster('KEYSLOT', key)
      const [fromId, toId] = [
        await from.call('CLUSTER', 'MYID'),
        await to.call('CLUSTER', 'MYID'),
      ] as string[]
      await to.call('CLUSTER', 'SETSLOT', slot, 'IMPORTING', fromId!)
      await from.call('CLUSTER', 'SETSLOT', slot, 'MIGRATING', toId!)
      const { port } = servers[clients.indexOf(to)]!
      for (;;) {
        const [next] = (await from.call('CLUSTER', 'GETKEYSINSLOT', slot, 1)) as string[]
        if (next === undefined) break
        await from.call('MIGRATE', '127.0.0.1', port, next, 0, 5000)
        // Long enough for feedback to meet a slot of which only a part is there.
        await sleep(100)
      }
      for (const master of [to, from]) await master.call('CLUSTER', 'SETSLOT', slot, 'NODE', toId!)
    },
    stop: () => end.disposeAsync(),
  }
}

async function clusterPort(): Promise<number> {
  for (;;) {
    const port = await freePort()
    if (port <= highestPort) return port
  }
}
