import type { Logger } from 'pino'
import { readTls } from '../read-tls.ts'
import { readVariable } from '../config/reading/environment.ts'
import type { RemoteModelConfig } from '../config/models/remote.ts'
import type { WorkerView } from '../endpoint-runtime.ts'
import { createOutbound, type Outbound } from '../security/outbound/outbound.ts'
import type { OutboundPolicy } from '../security/outbound/outbound-policy.ts'
import { StartFault } from '../start-fault.ts'
import type { Metrics } from '../telemetry/metrics/metrics.ts'
import { createReplicaLog } from '../telemetry/replica-log.ts'
import type { Tracing } from '../telemetry/tracing.ts'
import { createGradient } from '../upstream/replicas/concurrency.ts'
import { fitClient } from '../upstream/fit/fit-client.ts'
import { createModelUpstream, type ModelUpstream } from '../upstream/model-upstream.ts'
import { createRemoteClient } from '../upstream/remote/create-client.ts'
import { createRemoteServer } from '../upstream/remote/server.ts'

export interface RemotesDeps {
  readonly remotes: readonly RemoteModelConfig[]
  readonly outbound: OutboundPolicy
  readonly metrics: Pick<Metrics, 'upstream' | 'workers'>
  readonly logger: Logger
  /** Absent where tracing is off. */
  readonly tracing?: Tracing | undefined
}

/** Models that servers elsewhere serve: each address is a replica. */
export interface Remotes {
  readonly upstreams: ReadonlyMap<string, ModelUpstream>
  /** Asks every address whether it is there; resolves when all that answer at once have. */
  start(): Promise<void>
  replicas(): readonly WorkerView[]
  close(): Promise<void>
}

const connectTimeoutMs = 1000
/** A server that is away when the gateway starts is waited for so long, and asked on. */
const firstAnswerMs = 1000

/** @throws StartFault when a header or a file of TLS is missing, or an address may not be called */
export function wireRemotes({ remotes, outbound: policy, metrics, logger, tracing }: RemotesDeps): Remotes {
  const views = new Map<string, WorkerView>()
  const faults: string[] = []
  const outbounds: Outbound[] = []
  const upstreams = new Map(remotes.map((config) => [config.name, wire(config)]))
  if (faults.length > 0) throw new StartFault(['remote models cannot be asked', ...faults].join('\n'))

  function wire(config: RemoteModelConfig): ModelUpstream {
    const { name, urls, maxBatch, queue, fit } = config
    const addresses = urls.map((url) => new URL(url))
    const tls = readTls(`models.${name}.tls`, config.tls)
    const { check, dispatcher, ...outbound } = createOutbound({ policy, tls, connectTimeoutMs })
    outbounds.push({ check, dispatcher, ...outbound })
    for (const url of addresses) refuse(name, () => check(url))
    const headers = readHeaders(config)
    const log = createReplicaLog(name, logger)
    return createModelUpstream({
      name,
      maxBatch,
      queueLimit: queue,
      metrics: metrics.upstream,
      tracer: tracing?.upstream,
      createConcurrency: createGradient,
      createClient: ({ index }) => {
        const url = addresses[index]!
        const server = createRemoteServer({ model: name, url, dispatcher, headers })
        return fitClient(createRemoteClient(config, server), name, fit)
      },
      replicaChanged(replica, state, reason) {
        const isUp = state === 'idle' || state === 'running'
        views.set(`${name}/${replica}`, { model: name, replica, state: isUp ? 'up' : 'down', restarts: 0 })
        if (state === 'gone') metrics.workers.stopped(name, replica)
        else metrics.workers.up(name, replica, isUp)
        metrics.workers.replica(name, replica, state)
        log(replica, state, reason)
      },
    })
  }

  function refuse(name: string, check: () => void): void {
    try {
      check()
    } catch (error) {
      faults.push(`${name}: ${(error as Error).message}`)
    }
  }

  function readHeaders({ name, headers }: RemoteModelConfig): Readonly<Record<string, string>> {
    const read = Object.entries(headers).map(([header, variable]) => {
      const value = readVariable(variable)
      if (value === undefined)
        faults.push(`${name}: set ${variable}, which its header ${header} is taken from`)
      else if (!/^[\x20-\x7e]*$/.test(value)) faults.push(`${name}: ${variable} cannot stand in a header`)
      return [header.toLowerCase(), value ?? '']
    })
    return Object.fromEntries(read)
  }

  return {
    upstreams,
    async start() {
      const first = remotes.flatMap(({ name, urls }) =>
        urls.map((url, index) => {
          views.set(`${name}/${index}`, { model: name, replica: index, state: 'starting', restarts: 0 })
          metrics.workers.up(name, index, false)
          return upstreams.get(name)!.replicaReady({ index, url })
        }),
      )
      if (first.length === 0) return
      await Promise.race([
        Promise.all(first),
        new Promise((resolve) => setTimeout(resolve, firstAnswerMs).unref()),
      ])
    },
    replicas: () => [...views.values()],
    async close() {
      await Promise.all([...upstreams.values()].map((upstream) => upstream.close()))
      await Promise.all(outbounds.map(({ dispatcher }) => dispatcher.destroy()))
    },
  }
}
