import type { DiagLogger } from '@opentelemetry/api'
import type { Logger } from 'pino'

const complainEveryMs = 60_000

/** Containers have no id of a machine, and nobody misses it. */
const isNoise = /^dropping invalid resource attribute value for key "host\.id"/

/** What the SDK has to say. A collector that is away fails every export alike: one line a minute says so. */
export function complain(logger: Pick<Logger, 'warn'>, now = () => performance.now()): DiagLogger {
  let silentUntil = -Infinity
  const warn = (message: string, ...more: readonly unknown[]): void => {
    if (now() < silentUntil || isNoise.test(message)) return
    silentUntil = now() + complainEveryMs
    logger.warn({ reason: firstWords(message, more) }, 'OpenTelemetry has a fault')
  }
  const silent = (): void => undefined
  return { error: warn, warn, info: silent, debug: silent, verbose: silent }
}

/** The SDK reports errors as their JSON, stack and all; some of its parts begin with their name. */
function firstWords(message: string, more: readonly unknown[]): string {
  const [, own] = /"message":"((?:[^"\\]|\\.)*)"/.exec(message) ?? []
  const words = more.flatMap((each) =>
    each instanceof Error ? each.message : typeof each === 'string' ? each : [],
  )
  return [own ?? message, ...words].join(': ').slice(0, 256)
}
