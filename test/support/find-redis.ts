import { execFile } from 'node:child_process'
import { glob } from 'node:fs/promises'
import { delimiter, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** A server program that speaks the Redis protocol, and what its environment must hold for it to start. */
export interface RedisBinary {
  readonly command: string
  readonly env: NodeJS.ProcessEnv
}

/** Where a server fetched for this project is kept; see fetch-redis.ts. */
export const redisCache = fileURLToPath(new URL('../../.cache/redis', import.meta.url))

/** The first that runs: redis-server or valkey-server on PATH, else the one fetched by an earlier run. */
export const findRedis = async (): Promise<RedisBinary | undefined> => {
  const onPath = ['redis-server', 'valkey-server'].map((command) => ({ command, env: process.env }))
  for (const binary of [...onPath, await unpackedRedis(redisCache)]) if (await runs(binary)) return binary
  return undefined
}

/** The server in a folder into which distribution packages were unpacked, with its shared libraries. */
export const unpackedRedis = async (root: string): Promise<RedisBinary> => {
  const libraries = new Set<string>()
  for await (const path of glob('{usr/lib,lib}/**/*.so*', { cwd: root }))
    libraries.add(join(root, dirname(path)))
  const path = [...libraries, process.env.LD_LIBRARY_PATH].filter(Boolean).join(delimiter)
  return { command: join(root, 'usr/bin/redis-server'), env: { ...process.env, LD_LIBRARY_PATH: path } }
}

export const runs = ({ command, env }: RedisBinary): Promise<boolean> =>
  run(command, ['--version'], { env }).then(
    () => true,
    () => false,
  )
