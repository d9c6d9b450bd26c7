import { Redis } from 'ioredis'
import type { Bench } from './bench.ts'
import { digits } from './digits.ts'

export const config = digits({ models: ['logistic', 'tree'] })

/** A Redis of its own, somebody who may do everything with it, and a gateway on it. */
export async function onRedis(bench: Bench, more: object = {}) {
  const server = await bench.redis()
  const admin = new Redis(server.url)
  bench.atEnd(() => admin.disconnect())
  const gateway = await bench.gateway({ config: { ...config, ...more }, store: server.url })
  return { server, admin, gateway }
}
