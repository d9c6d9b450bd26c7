import type { EventKind } from '../events/event.ts'
import type { MemoryLimit } from '../repository/memory-limit.ts'
import type { OutboundPolicy } from '../security/outbound/outbound-policy.ts'
import type { AuthConfig } from './access/auth-config.ts'
import type { EndpointConfig } from './endpoint-config.ts'
import type { ModelFit } from './models/fit.ts'
import type { RemoteModelConfig } from './models/remote.ts'
import type { TlsConfig } from './store/tls.ts'

/** The whole configuration: checked, complete, with absolute paths, and deeply frozen. */
export interface Config {
  readonly listen: { readonly host: string; readonly port: number }
  /** Names that requests may ask for, beside those of this machine; absent = any with keys, none without. */
  readonly hosts?: readonly string[]
  /** Whose pages may send requests, beside the gateway's own; absent = any with keys, none without. */
  readonly origins?: readonly string[]
  /** Absent = nothing was said: everybody on this machine may do everything. `off` = everybody who can reach it. */
  readonly auth?: AuthConfig | 'off'
  /** `sqlite:<absolute path>`, `redis://…` or `rediss://…`; a password comes from the environment. */
  readonly store: string
  /** For a store with TLS, beside what the system trusts. */
  readonly storeTls?: TlsConfig
  /** Where feedback is kept until the store has it; absent = nowhere. */
  readonly journal?: JournalConfig
  /** How long Redis keeps what is needed to count feedback once for another gateway's journal that is not heard of. */
  readonly journalWaitMs: number
  /** What a Redis store has learned, on disk; absent = it is not written. */
  readonly checkpoint?: CheckpointConfig
  /** Those that are served here. */
  readonly models: readonly ModelConfig[]
  /** Those that servers elsewhere serve. */
  readonly remotes: readonly RemoteModelConfig[]
  /** The only folder that their files may come from; absent = any. */
  readonly modelsDir?: string
  /** Where the gateway keeps its own copies of them; absent = the system's folder for temporary files. */
  readonly modelsCopies?: string
  /** Between two looks for new versions of models. */
  readonly modelsPollMs: number
  readonly workers: WorkersConfig
  readonly endpoints: readonly EndpointConfig[]
  readonly outbound: OutboundPolicy
  readonly limits: Limits
  /** Open at once; more are refused. */
  readonly maxConnections: number
  readonly stop: StopConfig
  readonly overload: OverloadConfig
  /** Absent = decisions are not logged. */
  readonly decisionLog?: DecisionLogConfig
  readonly events: EventsConfig
  readonly log: LogConfig
  readonly telemetry: TelemetryConfig
}

export interface WorkersConfig {
  /** Whether they run under Node's permission model. */
  readonly fenced: boolean
}

export interface ModelConfig {
  readonly name: string
  /** Path of the ONNX file, or of the folder of its versions. */
  readonly onnx: string
  /** Whether another version is served as soon as it is there. */
  readonly reload: boolean
  /** Of that file, 64 hex digits; undefined = it may be any. */
  readonly sha256?: string | undefined
  /** Whether workers load a copy of the gateway's own, and not the file itself. */
  readonly isCopied: boolean
  /** How its tensors become those of its endpoints; undefined = as they are. */
  readonly fit?: ModelFit | undefined
  readonly replicas: number
  /** A worker that holds more is replaced; undefined = none is. */
  readonly memory: MemoryLimit | undefined
  /** Rows that one call of the model may take. */
  readonly maxBatch: number
  /** Requests that may wait for a replica. */
  readonly queue: number
  /** For one call of the model; undefined leaves the endpoint's deadline alone. */
  readonly deadlineMs: number | undefined
}

/** Bytes, but for the lines. */
export interface Limits {
  readonly predictBody: number
  readonly feedbackBody: number
  readonly feedbackBatchBody: number
  readonly feedbackBatchLines: number
}

/** Beyond any of these the gateway refuses predictions. */
export interface OverloadConfig {
  /** Mean delay of the event loop. */
  readonly loopDelayMs: number
  /** Share of the time that the event loop is busy; 1 = never beyond it. */
  readonly utilisation: number
  /** Undefined = 85 % of what the container may take. */
  readonly residentBytes: number | undefined
}

export interface StopConfig {
  /** From being told to stop to taking no more connections; it is unready from the beginning. */
  readonly drainMs: number
}

export interface JournalConfig {
  readonly path: string
  /** Bytes of feedback after which no more is taken. */
  readonly maxBytes: number
  /** How long an entry stays after the store had it. */
  readonly keepMs: number
}

export interface DecisionLogConfig {
  readonly dir: string
  /** Bytes after which the next file begins. */
  readonly rotate: number
  /** Newest files that stay. */
  readonly keep: number
  readonly compress: 'gzip' | 'none'
  /** Bytes that may wait in memory. */
  readonly buffer: number
}

export interface EventsConfig {
  /** Of CloudEvents: who tells them. */
  readonly source: string
  readonly webhooks: readonly WebhookConfig[]
}

export interface WebhookConfig {
  /** In the log and in metrics, where the address must not stand, as it may hold a token. */
  readonly name: string
  readonly url: string
  /** Where the secret stands that it is signed with. */
  readonly secret: { readonly variable: string } | { readonly file: string }
  readonly kinds: readonly EventKind[]
  /** For one try. */
  readonly timeoutMs: number
  /** Header → environment variable that holds its value. */
  readonly headers: Readonly<Record<string, string>>
}

export interface LogConfig {
  readonly level: LogLevel
  /** Share of requests that get a line, from 0 to 1. */
  readonly accessSample: number
}

export interface TelemetryConfig {
  /** Where an OpenTelemetry collector takes OTLP over HTTP; undefined = tracing is off, but for the environment. */
  readonly otlp: string | undefined
  /** Share of traces that are recorded, of those that no caller has decided on; from 0 to 1. */
  readonly sample: number
  /** Whether every decision is sent as a log event. */
  readonly decisions: boolean
  /** Whether latencies in /metrics name a recorded trace. */
  readonly exemplars: boolean
}

export interface CheckpointConfig {
  readonly everyMs: number
  /** Of each endpoint. */
  readonly keep: number
  /** Absent = beside the journal, and none where there is no journal. */
  readonly folder?: string
}

/** What a journal may hold unless it is said, 1 GiB. */
export const journalBytes = 1024 ** 3
/** How long it keeps what the store had: longer than any failover takes to be noticed, by people too. */
export const journalKeepMs = 600_000

export const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const
export type LogLevel = (typeof logLevels)[number]
