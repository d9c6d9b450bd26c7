/** Where Redis is, as an address says it. */
export interface RedisAddress {
  /** One server, a master that Sentinels name, or a Cluster found through any of its nodes. */
  readonly kind: 'server' | 'sentinel' | 'cluster'
  readonly tls: boolean
  readonly username?: string
  readonly password?: string
  /** The server, the Sentinels, or some nodes. */
  readonly nodes: readonly RedisNode[]
  /** What the Sentinels call the master; empty for others. */
  readonly master: string
  readonly db: number
}

export interface RedisNode {
  readonly host: string
  readonly port: number
}

const defaultPorts = { server: 6379, sentinel: 26_379, cluster: 6379 } as const

/** What a Redis address begins with. */
export const redisSchemes = [
  'redis',
  'rediss',
  'redis-sentinel',
  'rediss-sentinel',
  'redis-cluster',
  'rediss-cluster',
]

const form =
  /^redis(?<tls>s?)(?:-(?<kind>sentinel|cluster))?:\/\/(?:(?<user>[^:@/]*)(?::(?<password>[^@/]*))?@)?(?<nodes>[^@/?#]+)(?<path>\/[^?#]*)?$/

/**
 * `redis://user:password@host:6379/db`, `redis-sentinel://host:26379,host:26379/master/db` or
 * `redis-cluster://host:6379,host:6379`; `rediss` for TLS. Undefined when it is none of them.
 */
export function parseRedisAddress(text: string): RedisAddress | undefined {
  const { groups } = form.exec(text) ?? {}
  if (groups === undefined) return undefined
  const kind = (groups.kind ?? 'server') as RedisAddress['kind']
  const nodes = groups.nodes!.split(',').map((node) => parseNode(node, defaultPorts[kind]))
  const place = parsePath(kind, (groups.path ?? '').slice(1))
  if (place === undefined || !nodes.every((node) => node !== undefined)) return undefined
  if (kind === 'server' && nodes.length > 1) return undefined
  return {
    kind,
    tls: groups.tls === 's',
    ...(groups.user && { username: decode(groups.user) }),
    ...(groups.password && { password: decode(groups.password) }),
    nodes,
    ...place,
  }
}

/** The same address with that password. */
export function withRedisPassword(text: string, password: string): string {
  return text.replace(/^(\w+(?:-\w+)?:\/\/)(?:([^:@/]*)(?::[^@/]*)?@)?/, (_, scheme: string, user = '') => {
    return `${scheme}${user}:${encodeURIComponent(password)}@`
  })
}

function parseNode(text: string, defaultPort: number): RedisNode | undefined {
  const [, bracketed, name, digits] = /^(?:\[([\da-fA-F:.]+)\]|([\w.-]+))(?::(\d{1,5}))?$/.exec(text) ?? []
  const host = bracketed ?? name
  const port = Number(digits ?? defaultPort)
  return host === undefined || port > 65_535 ? undefined : { host, port }
}

/** A Cluster has one database, and Sentinels have to be told which master is meant. */
function parsePath(
  kind: RedisAddress['kind'],
  path: string,
): Pick<RedisAddress, 'master' | 'db'> | undefined {
  const [, master = '', digits = '0'] =
    (kind === 'sentinel' ? /^([\w.-]+)(?:\/(\d{1,5}))?$/ : /^()(\d{1,5})?$/).exec(path) ?? []
  if (kind === 'sentinel' ? master === '' : !/^\d{0,5}$/.test(path)) return undefined
  if (kind === 'cluster' && Number(digits) > 0) return undefined
  return { master, db: Number(digits) }
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    // A lone % was meant as it stands.
    return text
  }
}
