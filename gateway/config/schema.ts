import * as z from 'zod'
import { combineNames, delayNames, journalWaitMs } from '../../bandit/index.ts'
import { parseAddress, parseStore } from './reading/addresses.ts'
import { auth } from './access/auth-schema.ts'
import { checkpoint } from './store/checkpoint-schema.ts'
import { journalBytes, journalKeepMs, logLevels } from './config.ts'
import { context } from './context/context-schema.ts'
import { drift } from './drift/drift-schema.ts'
import { events } from './events/events-schema.ts'
import { features } from './features/features-schema.ts'
import { canary, guardrails, warmUp } from './leash/leash-schema.ts'
import { armPrior, bounds, onNewVersion, policy, share } from './learning/policy-schema.ts'
import { postprocess } from './pipeline/postprocess-schema.ts'
import { preprocess } from './pipeline/preprocess-schema.ts'
import { outbound } from './access/outbound-schema.ts'
import { remoteFields } from './models/remote-schema.ts'
import { rule } from './rules/rules-schema.ts'
import { byteSize, duration, memoryLimit } from './reading/quantities.ts'
import { shadow } from './shadows/shadow-schema.ts'

/** The file as it is written. What one part of it asks of another is in `cross-checks.ts`. */

const text = z.string().min(1)

const model = z.strictObject({
  onnx: text.optional().meta({
    description:
      'Path of the ONNX file, or of a folder with <version>/model.onnx, from the folder of this file',
  }),
  reload: z.enum(['on', 'off']).default('on').meta({
    description: 'Whether a new version, or a file put in its place, is served as soon as it is there',
  }),
  sha256: z
    .string()
    .regex(/^[0-9a-f]{64}$/, { error: 'expected 64 hex digits, as sha256sum prints them' })
    .optional()
    .meta({ description: 'Of that file, which is else not loaded' }),
  copy: z.enum(['on', 'off']).optional().meta({
    description:
      'Whether its workers load a copy that nobody can change, on; off reads the file where it is, as often as a worker starts',
  }),
  ...remoteFields,
  replicas: z.int().min(1).max(64).optional().meta({ description: 'Processes that serve the file; 1' }),
  memory: memoryLimit.optional().meta({
    description:
      'What a worker may hold before another takes its place: 1.5x what it held when it was new (and 256MiB more), a size such as 800MiB, or off',
  }),
  max_batch: z
    .int()
    .min(1)
    .max(4096)
    .optional()
    .meta({ description: 'Rows of one call, put together here; 64 for a file, 1 for a server' }),
  queue: z.int().min(1).max(65_536).default(128),
  deadline: duration('1ms', '10m').optional(),
})

/** One shape for both kinds of arm: a union would answer a slip in one kind with the faults of both. */
const arm = z.strictObject({
  model: text.optional().meta({ description: 'The model that answers' }),
  ensemble: z.array(text).min(2).optional().meta({ description: 'The models that answer together' }),
  value: z
    .json()
    .optional()
    .meta({ description: 'What callers get to act on themselves: text, a number, true, false, or JSON' }),
  combine: z.enum(['mean', 'weighted', 'median', 'majority', 'stacked', 'first']).optional(),
  weights: z
    .union([z.literal('posterior'), z.record(z.string(), z.number().positive())], {
      error: 'expected posterior, or members and their weights, each more than 0',
    })
    .optional()
    .meta({ description: 'One for each member, 1 when absent; or posterior: how often it was right' }),
  stack: z
    .strictObject({ model: text, over: text })
    .optional()
    .meta({ description: 'The model that combines an output of all members, side by side' }),
  quorum: z.int().min(1).optional().meta({ description: 'Members that must answer; all when absent' }),
  deadline: duration('1ms', '10m').optional().meta({ description: 'How long members are waited for' }),
  argmax: z.strictObject({ output: text, over: text }).optional(),
  min_share: share.optional().meta({ description: 'Share of the traffic that the arm always gets' }),
  max_share: share.optional().meta({ description: 'Share that it never gets more of' }),
  guardrails: guardrails.optional().meta({ description: 'Other than those of the endpoint' }),
  warm_up: warmUp.optional().meta({ description: 'While it is new and others are not' }),
  canary: canary.optional().meta({ description: 'A greatest share that grows while guardrails hold' }),
  prior: armPrior.optional().meta({ description: 'What is believed of it before its first reward' }),
  on_new_version: onNewVersion.optional().meta({
    description: 'What it has learned when its model gets another version; it goes on when absent',
  }),
})

const penalty = z.strictObject({
  latency_s: z.number().nonnegative().default(0).meta({ description: 'For each second that the arm took' }),
  cost: z.record(z.string(), z.number().nonnegative()).default({}).meta({ description: 'By arm' }),
  most: z.number().positive().meta({ description: 'The greatest that is taken off' }),
})

const reward = z.strictObject({
  from: z.enum(['reward', 'label']).default('reward'),
  output: text.default('label').meta({ description: 'Output that holds the predicted label' }),
  window: duration('1s', '30d').prefault('1h'),
  default: z
    .union([z.literal('none'), z.number()], { error: 'expected none, or a reward within its bounds' })
    .default('none'),
  combine: z.enum(combineNames).default('first'),
  delay: z.enum(delayNames).default('arrival').meta({ description: 'When a prediction is learned' }),
  corrections: z
    .enum(['on', 'off'])
    .default('off')
    .meta({ description: 'Whether feedback after the window takes the default back' }),
  retention: duration('1m', '90d')
    .optional()
    .meta({ description: 'How long after the window; as long as it, but at least 15m' }),
  stalled_after: z
    .union([z.literal('off'), duration('1m', '30d')], {
      error: 'expected off, or a duration from 1m to 30d, such as 5m',
    })
    .default(300_000)
    .meta({
      description: 'Silence that is told as feedback_stalled, 5m; longer where feedback takes longer',
    }),
  bounds: bounds.optional().meta({ description: 'The least and the greatest reward; [0, 1]' }),
  penalty: penalty.optional().meta({ description: 'What is taken off the reward for what an answer costs' }),
})

const endpoint = z.strictObject({
  arms: z.record(z.string(), arm),
  guardrails: guardrails.optional().meta({ description: 'What every arm has to keep to' }),
  policy: policy.prefault({}),
  reward: reward.prefault({}),
  context: context.optional().meta({ description: 'What requests say of themselves, to choose by' }),
  features: features.optional().meta({ description: 'What is fetched by keys in the request' }),
  preprocess: preprocess.optional().meta({ description: 'How fields become the inputs of the models' }),
  postprocess: postprocess
    .optional()
    .meta({ description: 'What becomes of outputs before they are answered' }),
  drift: drift.optional().meta({ description: 'What is watched for no longer being what it was' }),
  sticky: z
    .strictObject({ for: duration('1m', '365d') })
    .optional()
    .meta({ description: 'How long one key stays with its arm' }),
  rules: z.array(rule).optional().meta({ description: 'What is decided before the policy is asked' }),
  shadow: z.array(shadow).optional().meta({ description: 'What gets copies of requests and never answers' }),
  ledger: z.enum(['signed', 'stored']).optional(),
  queue: z
    .int()
    .min(1)
    .max(65_536)
    .default(128)
    .meta({ description: 'Requests that may wait for its models in all; the next one is overloaded' }),
  deadline: duration('1ms', '10m').prefault('1s'),
})

const limits = z.strictObject({
  predict_body: byteSize('1KiB', '1024MiB').prefault('1MiB'),
  feedback_body: byteSize('1KiB', '16MiB').prefault('64KiB'),
  feedback_batch_body: byteSize('1KiB', '64MiB').prefault('1MiB'),
  feedback_batch_lines: z.int().min(1).max(100_000).default(1000),
  connections: z
    .int()
    .min(1)
    .max(65_536)
    .default(2048)
    .meta({ description: 'Open at once; more are refused' }),
})

const stop = z.strictObject({
  drain: duration('0s', '5m').prefault('0s').meta({
    description: 'How long it serves on, unready, before it closes: as long as balancers take to see it',
  }),
})

const decisionLog = z.strictObject({
  dir: text.meta({ description: 'Folder of the log, from the folder of this file' }),
  rotate: byteSize('64KiB', '1024MiB').prefault('64MiB').meta({ description: 'Size of one file' }),
  keep: z.int().min(1).max(100_000).default(64).meta({ description: 'Newest files that stay' }),
  compress: z.enum(['gzip', 'none']).default('gzip'),
  buffer: byteSize('64KiB', '256MiB').prefault('8MiB').meta({ description: 'Lines that may wait in memory' }),
})

const log = z.strictObject({
  level: z.enum(logLevels).default('info'),
  access_sample: share.default(0).meta({ description: 'Share of requests that get a line' }),
})

const telemetry = z.strictObject({
  otlp: z
    .url({
      protocol: /^https?$/,
      error: 'expected the address of an OTLP collector, such as http://localhost:4318',
    })
    .optional()
    .meta({ description: 'Collector of traces; the environment may name it too' }),
  sample: share.default(0.05).meta({ description: 'Share of traces that are recorded' }),
  decisions: z.boolean().default(false).meta({ description: 'Send every decision as a log event' }),
  exemplars: z.boolean().default(false).meta({ description: 'Let latencies in /metrics name a trace' }),
})

const workers = z.strictObject({
  permissions: z
    .enum(['on', 'off'])
    .default('on')
    .meta({ description: "Whether they run under Node's permission model" }),
})

const storeTls = z.strictObject({
  ca: text.optional().meta({ description: 'PEM file of who vouches for the server' }),
  cert: text.optional().meta({ description: 'PEM file of what the gateway shows of itself' }),
  key: text.optional().meta({ description: 'PEM file of its private key' }),
  server_name: text.optional().meta({ description: "What the server's certificate is made out for" }),
})

const overload = z.strictObject({
  loop_delay: duration('10ms', '10s')
    .prefault('100ms')
    .meta({ description: 'Mean delay of the event loop beyond which predictions are refused' }),
  utilisation: share
    .default(1)
    .meta({ description: 'Share of time that the event loop may be busy; 1 = any' }),
  memory: byteSize('64MiB', '1048576MiB')
    .optional()
    .meta({ description: 'Resident set; 85 % of what the container may take when absent' }),
})

export const configSchema = z.strictObject({
  listen: z.string().transform(parseAddress).prefault('127.0.0.1:8080'),
  hosts: z
    .array(
      z.string().regex(/^(?!.*[:/@])[\w.-]+$/, {
        error: 'expected a name without scheme and port, such as gateway.example',
      }),
    )
    .optional()
    .meta({
      description:
        'Names that requests may ask for, beside localhost and addresses; without keys none when absent, else any',
    }),
  auth: auth.optional(),
  store: z.string().transform(parseStore).prefault('sqlite:./var/bandit.db'),
  store_tls: storeTls
    .optional()
    .meta({ description: 'For rediss addresses; paths from the folder of this file' }),
  journal: text.default('./var/journal.db').meta({
    description: 'File that keeps feedback until a Redis store has it, from the folder of this file; or off',
  }),
  journal_size: byteSize('1MiB', '1048576MiB')
    .default(journalBytes)
    .meta({ description: 'Feedback that may wait in it' }),
  journal_keep: duration('1s', '1d').default(journalKeepMs).meta({
    description: 'How long feedback stays in it after the store had it, for a store that loses writes',
  }),
  journal_wait: duration('1m', '1d').default(journalWaitMs).meta({
    description:
      'How long Redis keeps what tells repeated feedback for a gateway that went without emptying its journal',
  }),
  checkpoint: checkpoint.prefault({}),
  models: z.record(z.string(), model).default({}),
  models_poll: duration('10ms', '1h')
    .prefault('1s')
    .meta({ description: 'Between two looks for new versions of models' }),
  models_dir: text.optional().meta({ description: 'The only folder that models may come from' }),
  models_copies: text.optional().meta({
    description:
      "Folder of this machine for copies of models; the system's folder for temporary files when absent",
  }),
  workers: workers.prefault({}),
  endpoints: z.record(z.string(), endpoint).refine((endpoints) => Object.keys(endpoints).length > 0, {
    error: 'there is no endpoint: add at least one',
  }),
  outbound: outbound.optional(),
  limits: limits.prefault({}),
  stop: stop.prefault({}),
  overload: overload.prefault({}),
  decision_log: decisionLog.optional(),
  events: events.prefault({}),
  log: log.prefault({}),
  telemetry: telemetry.prefault({}),
})

export type ConfigInput = z.output<typeof configSchema>
export type ModelInput = z.output<typeof model>
export type EndpointInput = z.output<typeof endpoint>
export type ArmInput = z.output<typeof arm>
