import type {
  ArmPrior,
  Combine,
  ContextSchema,
  Delay,
  Forgetting,
  OnNewVersion,
  Penalty,
  PolicyName,
  PolicySettings,
  RewardBounds,
  StopRule,
} from '../../bandit/index.ts'
import type { AuthConfig } from './auth-config.ts'
import type { Signal } from '../monitoring/drift/signal.ts'
import type { MemoryLimit } from '../repository/memory-limit.ts'
import type { EventKind } from '../events/event.ts'
import type { OutboundPolicy } from '../security/outbound-policy.ts'
import type { FeatureSourceConfig } from './features.ts'
import type { LeashConfig } from './leash.ts'
import type { PreprocessConfig } from './pipeline.ts'
import type { PostStepConfig } from './postprocess.ts'
import type { RemoteModelConfig } from './remote.ts'
import type { RuleConfig } from './rules.ts'
import type { ShadowConfig } from './shadows.ts'
import type { TlsConfig } from './tls.ts'

/** The whole configuration: checked, complete, with absolute paths, and deeply frozen. */
export interface Config {
  readonly listen: { readonly host: string; readonly port: number }
  /** Absent = nothing was said: everybody on this machine may do everything. `off` = everybody who can reach it. */
  readonly auth?: AuthConfig | 'off'
  /** `sqlite:<absolute path>`, `redis://…` or `rediss://…`; a password comes from the environment. */
  readonly store: string
  /** For a store with TLS, beside what the system trusts. */
  readonly storeTls?: TlsConfig
  /** Where feedback is kept until the store has it; absent = nowhere. */
  readonly journal?: JournalConfig
  /** What a Redis store has learned, on disk; absent = it is not written. */
  readonly checkpoint?: CheckpointConfig
  /** Those that are served here. */
  readonly models: readonly ModelConfig[]
  /** Those that servers elsewhere serve. */
  readonly remotes: readonly RemoteModelConfig[]
  /** The only folder that their files may come from; absent = any. */
  readonly modelsDir?: string
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

export interface EndpointConfig {
  readonly name: string
  /** At least one. */
  readonly arms: readonly ArmConfig[]
  readonly policy: PolicyConfig
  readonly reward: RewardConfig
  /** What requests say of themselves; rewards are then learned by it. */
  readonly context?: ContextSchema
  /** Absent = nothing is fetched for requests. */
  readonly features?: readonly FeatureSourceConfig[]
  /** Absent = requests send tensors. */
  readonly preprocess?: PreprocessConfig
  /** Absent = outputs are answered as they are. */
  readonly postprocess?: readonly PostStepConfig[]
  /** Absent = nothing is watched for drift. */
  readonly drift?: DriftConfig
  /** How long one `key` stays with its arm. */
  readonly stickyMs?: number
  readonly rules?: readonly RuleConfig[]
  readonly shadows?: readonly ShadowConfig[]
  readonly ledger: 'signed' | 'stored'
  /** Requests that may wait for a replica of whichever model. */
  readonly queue: number
  /** From the request's arrival to its answer. */
  readonly deadlineMs: number
}

export interface DriftConfig {
  readonly signals: readonly Signal[]
  /** Predictions of an arm that the later ones are compared with, where the file has none of it. */
  readonly first: number
  readonly file: string | undefined
  readonly windowMs: number
  /** Population stability index from which a signal has drifted. */
  readonly threshold: number
  /** Share of the predictions that are looked at. */
  readonly sample: number
}

export type ArmConfig = ModelArmConfig | EnsembleArmConfig | ValueArmConfig

export type Json = string | number | boolean | null | readonly Json[] | { readonly [name: string]: Json }

export interface ModelArmConfig extends LeashConfig {
  readonly kind: 'model'
  readonly name: string
  readonly model: string
  /** Propensity that the arm never falls below. */
  readonly minShare: number
  /** Propensity that it never rises above; 1 when absent. */
  readonly maxShare?: number | undefined
  readonly prior?: ArmPrior | undefined
  /** Absent = what it has learned goes on when its model gets another version. */
  readonly onNewVersion?: OnNewVersion | undefined
}

export interface EnsembleArmConfig extends LeashConfig {
  readonly kind: 'ensemble'
  readonly name: string
  readonly members: readonly { readonly model: string; readonly weight: number }[]
  readonly combine: 'mean' | 'weighted' | 'median' | 'majority' | 'stacked' | 'first'
  /** Whether members weigh by how often they were right, in place of their weights. */
  readonly byPosterior?: boolean
  /** The model that combines the float output `over` of all members; of stacked ensembles alone. */
  readonly stack?: { readonly model: string; readonly over: string } | undefined
  /** Members that must answer. */
  readonly quorum: number
  /** How long members are waited for. */
  readonly deadlineMs: number
  /** Makes `output` the index of the largest value in each row of the combined `over`. */
  readonly argmax: { readonly output: string; readonly over: string } | undefined
  readonly minShare: number
  readonly maxShare?: number | undefined
  readonly prior?: ArmPrior | undefined
}

/** Nothing here infers: the caller is told the value and acts on it. All arms of an endpoint are such, or none. */
export interface ValueArmConfig extends LeashConfig {
  readonly kind: 'value'
  readonly name: string
  readonly value: Json
  readonly minShare: number
  readonly maxShare?: number | undefined
  readonly prior?: ArmPrior | undefined
}

/** Rewards in it are shares of their bounds. At most one of the three ways to forget is there. */
export interface PolicyConfig extends PolicySettings {
  readonly name: PolicyName
  readonly halfLifeMs: number | undefined
  readonly slidingWindowMs?: number | undefined
  readonly changeDetection?: Omit<Extract<Forgetting, { kind: 'change-detection' }>, 'kind'> | undefined
  /** When the best arm is called; `act` then gives it all traffic. */
  readonly stop?: (StopRule & { readonly act: boolean }) | undefined
  /** Beta prior of each arm's mean reward. */
  readonly prior: { readonly alpha: number; readonly beta: number }
}

export interface RewardConfig {
  readonly from: 'reward' | 'label'
  /** Output that holds the predicted label. */
  readonly output: string
  /** How long after the prediction feedback counts. */
  readonly windowMs: number
  /** Reward of a prediction that got no feedback; undefined = nothing is learned from it. */
  readonly default: number | undefined
  /** Of what is learned, so with the penalty taken off; 0 to 1 when absent. */
  readonly bounds?: RewardBounds | undefined
  /** Taken off what feedback says; absent = nothing is. */
  readonly penalty?: Penalty | undefined
  readonly combine: Combine
  /** `arrival` when absent. */
  readonly delay?: Delay
  /** Whether feedback after the window counts and takes the default back. */
  readonly corrections?: boolean
  /** How long after the window a prediction may still be corrected. */
  readonly retentionMs?: number
  /** Silence after which feedback has stalled, where it does not take longer anyway; undefined = never. */
  readonly stalledAfterMs?: number | undefined
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
