import { readFile } from 'node:fs/promises'
import { availableParallelism, cpus, release, totalmem, type } from 'node:os'
import { Redis } from 'ioredis'

/** What the figures depend on, in words. */
export const describeMachine = async (redisUrl: string | undefined): Promise<readonly string[]> => {
  const gib = Math.round(totalmem() / 2 ** 30)
  const processors = `${availableParallelism()} × ${cpus()[0]?.model ?? process.arch}`
  const kernel = `${type()} ${release().split('-')[0]}`
  const hardware = `${processors}, ${gib} GiB, ${kernel}`
  const packages = await Promise.all(['onnxruntime-node', 'hono', '@hono/node-server'].map(packageVersion))
  const redis = redisUrl === undefined ? [] : [`Redis ${await redisVersion(redisUrl)}`]
  return [
    hardware,
    `Node ${process.versions.node}`,
    ...packages,
    ...redis,
    `SQLite ${process.versions.sqlite}`,
  ]
}

const packageVersion = async (name: string): Promise<string> => {
  const file = new URL(`../node_modules/${name}/package.json`, import.meta.url)
  const { version } = JSON.parse(await readFile(file, 'utf8')) as { version: string }
  return `${name} ${version}`
}

const redisVersion = async (url: string): Promise<string> => {
  const redis = new Redis(url)
  try {
    return /redis_version:(\S+)/.exec(await redis.info('server'))?.[1] ?? 'of unknown version'
  } finally {
    redis.disconnect()
  }
}
