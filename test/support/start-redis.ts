import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fetchRedis } from './fetch-redis.ts'
import { type RedisBinary, findRedis } from './find-redis.ts'
import { freePort } from './free-port.ts'

/** A server that has not ended by then, because it is stopped or stuck, is killed. */
const stopMs = 5_000

export interface RedisOptions {
  /** Default: what find-redis finds, else what fetch-redis fetches. */
  readonly binary?: RedisBinary
  /** Default: a free one. A server started again under the same port and folder is the same server restarted. */
  readonly port?: number
  /** Where the server keeps its data. Default: a new folder, removed when the server stops. */
  readonly dir?: string
  /** More settings, e.g. `['--appendonly', 'yes']`. By default nothing is written to disk. */
  readonly args?: readonly string[]
  /** Path of a Sentinel's configuration, which makes it one: it writes there what it learns. */
  readonly sentinel?: string
}

export interface RedisServer {
  readonly url: string
  readonly pid: number
  readonly port: number
  /** Ends the server, resolves when it is gone. Safe to call again, and after the server was killed. */
  stop(): Promise<void>
}

/** Starts a server of the caller's own on the loopback interface; resolves when it takes commands. */
export const startRedis = async (options: RedisOptions = {}): Promise<RedisServer> => {
  const { command, env } = options.binary ?? (await findRedis()) ?? (await fetchRedis())
  const port = options.port ?? (await freePort())
  const dir = options.dir ?? (await mkdtemp(join(tmpdir(), 'bandit-redis-')))
  const place = ['--bind', '127.0.0.1', '--port', String(port), '--dir', dir]
  const { sentinel } = options
  const settings = sentinel === undefined ? [...place, '--save', ''] : [sentinel, ...place, '--sentinel']
  const child = spawn(command, [...settings, ...(options.args ?? [])], {
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  })

  // A test run that dies must not leave a server behind.
  const kill = () => child.kill('SIGKILL')
  process.once('exit', kill)
  const gone = new Promise((resolve) => child.once('close', resolve))
  const stop = async () => {
    child.kill('SIGTERM')
    const overdue = setTimeout(kill, stopMs)
    await gone
    clearTimeout(overdue)
    process.off('exit', kill)
    if (options.dir === undefined) await rm(dir, { recursive: true, force: true })
  }

  await ready(child).catch(async (error: unknown) => {
    await stop()
    throw error
  })
  return { url: `redis://127.0.0.1:${port}`, pid: child.pid!, port, stop }
}

/** Reads the server's log until it says that it takes connections, and goes on draining it afterwards. */
const ready = (child: ChildProcess): Promise<void> =>
  new Promise((resolve, reject) => {
    let log = ''
    const read = (chunk: string) => {
      log = (log + chunk).slice(-4_000)
      if (/Ready to accept connections|Sentinel ID is/.test(log)) resolve()
    }
    child.stdout!.setEncoding('utf8').on('data', read)
    child.stderr!.setEncoding('utf8').on('data', read)
    child.once('error', reject)
    child.once('close', (code) => reject(new Error(`the Redis server ended with ${code}:\n${log}`)))
  })
