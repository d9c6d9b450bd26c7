import * as z from 'zod'
import { journalWaitMs } from '../../bandit/index.ts'
import { auth } from './access/auth-schema.ts'
import { outbound } from './access/outbound-schema.ts'
import { journalBytes, journalKeepMs } from './config.ts'
import { endpoint } from './endpoint-schema.ts'
import { events } from './events/events-schema.ts'
import { model } from './models/model-schema.ts'
import { decisionLog, limits, log, overload, stop, telemetry, workers } from './process-schema.ts'
import { parseAddress, parseStore } from './reading/addresses.ts'
import { byteSize, duration } from './reading/quantities.ts'
import { checkpoint } from './store/checkpoint-schema.ts'
import { storeTls } from './store/tls-schema.ts'

/** The file as it is written. What one part of it asks of another is in `cross-checks.ts`. */

const text = z.string().min(1)

export const configSchema = z.strictObject({
  listen: z
    .string()
    .transform(parseAddress)
    .prefault('127.0.0.1:8080')
    .meta({ description: 'host:port; 0 takes any free port' }),
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
  origins: z
    .array(
      z.string().regex(/^https?:\/\/[\w.-]+(:\d{1,5})?$/, {
        error: 'expected the origin of a page, such as https://app.example',
      }),
    )
    .optional()
    .meta({
      description:
        'Whose pages may send requests by a browser, beside the gateway’s own; any with keys when absent, else none',
    }),
  auth: auth.optional(),
  store: z.string().transform(parseStore).prefault('sqlite:./var/bandit.db').meta({
    description:
      'What was learned: sqlite:FILE of one gateway, or redis://, redis-sentinel://, redis-cluster:// (rediss for TLS) of several',
  }),
  store_tls: storeTls
    .optional()
    .meta({ description: 'For rediss addresses; paths from the folder of this file' }),
  journal: text.default('./var/journal.db').meta({
    description: 'File that keeps feedback until a Redis store has it, from the folder of this file; or off',
  }),
  journal_size: byteSize('1MiB', '1048576MiB')
    .default(journalBytes)
    .meta({ description: 'Feedback that may wait in it; 1024MiB' }),
  journal_keep: duration('1s', '1d').default(journalKeepMs).meta({
    description: 'How long feedback stays in it after the store had it, for a store that loses writes; 10m',
  }),
  journal_wait: duration('1m', '1d').default(journalWaitMs).meta({
    description:
      'How long Redis keeps what tells repeated feedback for a gateway that went without emptying its journal; 1h',
  }),
  checkpoint: checkpoint.prefault({}),
  models: z.record(z.string(), model).default({}).meta({ description: 'What can infer, by name' }),
  models_poll: duration('10ms', '1h')
    .prefault('1s')
    .meta({ description: 'Between two looks for new versions of models' }),
  models_dir: text.optional().meta({ description: 'The only folder that models may come from' }),
  models_copies: text.optional().meta({
    description:
      "Folder of this machine for copies of models; the system's folder for temporary files when absent",
  }),
  workers: workers.prefault({}).meta({ description: 'The processes that serve models' }),
  endpoints: z
    .record(z.string(), endpoint)
    .refine((endpoints) => Object.keys(endpoints).length > 0, {
      error: 'there is no endpoint: add at least one',
    })
    .meta({ description: 'The prediction tasks that clients call, by name' }),
  outbound: outbound.optional().meta({ description: 'Whom the gateway may call' }),
  limits: limits.prefault({}).meta({ description: 'Of requests' }),
  stop: stop.prefault({}).meta({ description: 'What becomes of a gateway that is told to stop' }),
  overload: overload.prefault({}).meta({ description: 'When a gateway has too much to do' }),
  decision_log: decisionLog
    .optional()
    .meta({ description: 'A file of every decision and its reward; none when absent' }),
  events: events.prefault({}).meta({ description: 'Who is told of what happens' }),
  log: log.prefault({}).meta({ description: 'Standard output' }),
  telemetry: telemetry.prefault({}).meta({ description: 'Traces' }),
})

export type ConfigInput = z.output<typeof configSchema>
