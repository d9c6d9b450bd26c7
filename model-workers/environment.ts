import { levels } from 'pino'

/** What a worker is told by its environment. */
export interface WorkerEnvironment {
  /** `LOG_LEVEL`; one that is not known counts as absent. */
  readonly logLevel: string
  /** `OTEL_…`: settings of the OpenTelemetry SDK. */
  readonly openTelemetry: Readonly<Record<string, string>>
}

export function readWorkerEnvironment(variables: NodeJS.ProcessEnv = process.env): WorkerEnvironment {
  const { LOG_LEVEL = '' } = variables
  const known = LOG_LEVEL in levels.values || LOG_LEVEL === 'silent'
  const openTelemetry = Object.entries(variables).filter(
    (variable): variable is [string, string] => variable[0].startsWith('OTEL_') && Boolean(variable[1]),
  )
  return { logLevel: known ? LOG_LEVEL : 'info', openTelemetry: Object.fromEntries(openTelemetry) }
}
