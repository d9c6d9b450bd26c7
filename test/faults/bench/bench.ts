import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type GatewayRun, startGateway } from '../../support/gateway-process.ts'
import { type RedisOptions, type RedisServer, startRedis } from '../../support/start-redis.ts'
import { type Caller, createCaller } from './caller.ts'
import { type Load, type LoadOptions, startLoad } from './load.ts'

/** A gateway with what it runs on. */
export interface BenchGateway extends Caller {
  readonly process: GatewayRun
  readonly origin: string
  readonly store: string
  /** Where it makes the folder with its workers' sockets. */
  readonly tmp: string
  readonly config: string
}

export interface GatewayOptions {
  /** As the file would say it. */
  readonly config: object
  /** Default: a new embedded store. */
  readonly store?: string
  /** Default: one of its own. */
  readonly tmp?: string
  readonly env?: Readonly<Record<string, string>>
  readonly args?: readonly string[]
}

/** What a scenario is made of; all of it ends with the scenario, the newest first. */
export interface Bench {
  /** Resolves once it serves. */
  gateway(options: GatewayOptions): Promise<BenchGateway>
  /** The same one for all scenarios that ask for this name and leave nothing behind, until all of them are over. */
  sharedGateway(
    name: string,
    options: (bench: Bench) => GatewayOptions | Promise<GatewayOptions>,
  ): Promise<BenchGateway>
  /** Sends `body` at a steady rate, whether or not what was sent before has been answered. */
  load(origin: string, options: LoadOptions): Load
  redis(options?: RedisOptions): Promise<RedisServer>
  dir(): Promise<string>
  /** Path of a new file. */
  file(name: string, content: string | Uint8Array): Promise<string>
  atEnd(task: () => unknown): void
}

/** @param common what outlives a scenario is made there; absent = nothing does */
export function createBench(common?: Bench): { readonly bench: Bench; readonly end: () => Promise<void> } {
  const shared = new Map<string, Promise<BenchGateway>>()
  const begun = new AsyncDisposableStack()
  const atEnd = (task: () => unknown): void => begun.defer(async () => void (await task()))

  async function dir(): Promise<string> {
    const path = await mkdtemp(join(tmpdir(), 'bandit-'))
    atEnd(() => rm(path, { recursive: true, force: true }))
    return path
  }

  async function file(name: string, content: string | Uint8Array): Promise<string> {
    const path = join(await dir(), name)
    await writeFile(path, content)
    return path
  }

  async function gateway(options: GatewayOptions): Promise<BenchGateway> {
    // JSON is YAML too.
    const config = await file('bandit.yaml', JSON.stringify({ journal: './journal.db', ...options.config }))
    const store = options.store ?? `sqlite:${join(await dir(), 'bandit.db')}`
    const tmp = options.tmp ?? (await dir())
    const run = startGateway({ ...options, config, store, tmp })
    atEnd(() => run.end())
    const origin = await run.ready()
    const caller = createCaller(origin)
    atEnd(() => caller.close())
    return { ...caller, process: run, origin, store, tmp, config }
  }

  function load(origin: string, options: LoadOptions): Load {
    const started = startLoad(origin, options)
    atEnd(() => started.stop())
    return started
  }

  async function redis(options?: RedisOptions): Promise<RedisServer> {
    const server = await startRedis(options)
    atEnd(() => server.stop())
    return server
  }

  const sharedGateway: Bench['sharedGateway'] = (name, options) => {
    if (common !== undefined) return common.sharedGateway(name, options)
    const known = shared.get(name) ?? Promise.resolve(options(bench)).then(gateway)
    shared.set(name, known)
    return known
  }

  const bench: Bench = { gateway, sharedGateway, load, redis, dir, file, atEnd }
  return { bench, end: () => begun.disposeAsync() }
}
