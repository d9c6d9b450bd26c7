import * as z from 'zod'
import { logLevels } from './config.ts'
import { share } from './learning/policy-schema.ts'
import { byteSize, duration } from './reading/quantities.ts'

/** What concerns a gateway process as a whole, as it is written. */

const text = z.string().min(1)

export const limits = z.strictObject({
  predict_body: byteSize('1KiB', '1024MiB')
    .prefault('1MiB')
    .meta({ description: 'Of a request for a prediction' }),
  feedback_body: byteSize('1KiB', '16MiB').prefault('64KiB').meta({ description: 'Of one feedback' }),
  feedback_batch_body: byteSize('1KiB', '64MiB').prefault('1MiB').meta({ description: 'Of a batch of them' }),
  feedback_batch_lines: z
    .int()
    .min(1)
    .max(100_000)
    .default(1000)
    .meta({ description: 'Feedbacks in one batch' }),
  connections: z
    .int()
    .min(1)
    .max(65_536)
    .default(2048)
    .meta({ description: 'Open at once; more are refused' }),
})

export const stop = z.strictObject({
  drain: duration('0s', '5m').prefault('0s').meta({
    description: 'How long it serves on, unready, before it closes: as long as balancers take to see it',
  }),
})

export const decisionLog = z.strictObject({
  dir: text.meta({ description: 'Folder of the log, from the folder of this file' }),
  rotate: byteSize('64KiB', '1024MiB').prefault('64MiB').meta({ description: 'Size of one file' }),
  keep: z.int().min(1).max(100_000).default(64).meta({ description: 'Newest files that stay' }),
  compress: z.enum(['gzip', 'none']).default('gzip').meta({ description: 'Of files that are full' }),
  buffer: byteSize('64KiB', '256MiB').prefault('8MiB').meta({ description: 'Lines that may wait in memory' }),
})

export const log = z.strictObject({
  level: z.enum(logLevels).default('info').meta({ description: 'The least that is logged' }),
  access_sample: share.default(0).meta({ description: 'Share of requests that get a line' }),
})

export const telemetry = z.strictObject({
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

export const workers = z.strictObject({
  permissions: z
    .enum(['on', 'off'])
    .default('on')
    .meta({ description: "Whether they run under Node's permission model" }),
})

export const overload = z.strictObject({
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
