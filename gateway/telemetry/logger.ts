import pino, { type DestinationStream, type Logger, type LoggerOptions } from 'pino'
import pretty from 'pino-pretty'
import type { LogLevel } from '../config/config.ts'

/** Longer fields say nothing more to a reader, and may be a caller's attempt to fill the disk. */
const maxField = 256
const maxStack = 4096

const secretPaths = [
  'authorization',
  'cookie',
  'password',
  'secret',
  'signingKeys',
  'inputs',
  'outputs',
  'context',
  'body',
]

export interface LoggerDeps {
  readonly level: LogLevel
  /** Where tracing is on: what ties a line to the recorded span within which it is written. */
  readonly traceIds?: (() => object | undefined) | undefined
  /** Where the lines go; standard output when absent, in colour on a terminal. */
  readonly destination?: DestinationStream
}

/** One JSON line an event. Values of requests never get here; what a caller can name is cut. */
export function createLogger({ level, traceIds, destination }: LoggerDeps): Logger {
  const options: LoggerOptions = {
    level,
    redact: { paths: [...secretPaths, ...secretPaths.map((path) => `*.${path}`)], censor: '[redacted]' },
    formatters: { level: (label) => ({ level: label }), log: cutFields },
    serializers: { err: (error: Error) => cutError(pino.stdSerializers.err(error)) },
    timestamp: pino.stdTimeFunctions.isoTime,
    ...(traceIds !== undefined && { mixin: () => traceIds() ?? {} }),
  }
  return pino(options, destination ?? standardOutput())
}

function standardOutput(): DestinationStream {
  return process.stdout.isTTY ? pretty({ sync: true }) : pino.destination({ dest: 1, sync: true })
}

function cutFields(fields: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, cutWithin(value)]))
}

/** What a field is made of is a field as well. What has a form of its own, such as an error, sees to itself. */
function cutWithin(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(cutWithin)
  return isPlain(value) ? cutFields(value) : cut(value, maxField)
}

function isPlain(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype
}

function cutError(error: ReturnType<typeof pino.stdSerializers.err>): Record<string, unknown> {
  const { type, message, stack, code } = error
  return {
    type,
    message: cut(message, maxField),
    ...(code !== undefined && { code: cut(code, maxField) }),
    stack: cut(stack, maxStack),
  }
}

function cut(value: unknown, length: number): unknown {
  return typeof value === 'string' && value.length > length ? `${value.slice(0, length)}…` : value
}
