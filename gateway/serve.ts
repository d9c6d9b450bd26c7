import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import packageFile from '../package.json' with { type: 'json' }
import { describeRequest, type ExampleRequest } from './describe-request.ts'
import { withEnvironmentKeys } from './config/reading/environment-keys.ts'
import { createEmergency, type Emergency } from './emergency.ts'
import { listenHttp } from './http/server.ts'
import { demandCollectors } from './security/outbound/demand-collectors.ts'
import { demandShares } from './security/limits/demand-shares.ts'
import { demandKeys } from './security/exposure.ts'
import { loadConfig, loadEnvironment } from './load-config.ts'
import { applyOverrides, type Overrides } from './overrides.ts'
import { StartFault } from './start-fault.ts'
import { createLogger } from './telemetry/logger.ts'
import { startTracing } from './telemetry/start-tracing.ts'
import { toTelemetryVariables } from './telemetry/tracing/variables.ts'
import { wireGateway, type Gateway, type GatewayDeps } from './wiring/wire-gateway.ts'

export interface ServeOptions {
  readonly configPath: string
  readonly overrides: Overrides
  /** Serves until it is aborted, then drains. */
  readonly signal: AbortSignal
  /** Told where the gateway answers once every endpoint can. */
  readonly onReady?: (origin: string, endpoints: readonly ExampleRequest[]) => void
}

/**
 * Runs a gateway from a configuration file until `signal` is aborted.
 *
 * @throws StartFault when it cannot serve, with every fault of the configuration at once
 */
export async function serve({ configPath, overrides, signal, onReady }: ServeOptions): Promise<void> {
  const environment = loadEnvironment()
  const written = applyOverrides(await loadConfig(configPath), overrides)
  const config = withEnvironmentKeys(written, environment.apiKeys)
  demandKeys(config)
  demandShares(config)
  const level = overrides.logLevel ?? environment.logLevel ?? config.log.level
  const variables = toTelemetryVariables(config.telemetry, environment.openTelemetry)
  demandCollectors({ ...variables }, config.outbound)
  const { version } = packageFile
  const tracing = variables && (await startTracing({ variables, version, logger: createLogger({ level }) }))
  const logger = createLogger({ level, traceIds: tracing?.ids })
  const emergency = createEmergency(logger)
  try {
    await serveGateway({ config, environment, logger, tracing }, { signal, emergency, onReady })
  } finally {
    await tracing?.stop()
    emergency.release()
  }
}

/** From the end of the drain on. */
const stopWithinMs = 20_000

interface Serving {
  readonly signal: AbortSignal
  readonly emergency: Emergency
  readonly onReady: ServeOptions['onReady']
}

async function serveGateway(
  deps: GatewayDeps,
  { signal: asked, emergency, onReady }: Serving,
): Promise<void> {
  const { config, logger } = deps
  const { drainMs } = config.stop
  const signal = AbortSignal.any([asked, emergency.signal])
  const gateway = await wireGateway(deps)
  try {
    const server = await listenHttp({
      fetch: gateway.app.fetch,
      ...gateway.gates,
      ...config.listen,
      maxConnections: config.maxConnections,
    })
    try {
      const stopped = signal.aborted ? Promise.resolve() : once(signal, 'abort')
      await Promise.race([gateway.settled, stopped])
      if (!signal.aborted) {
        demandArms(gateway)
        logger.info({ origin: server.origin }, 'ready')
        onReady?.(server.origin, [...gateway.endpoints.values()].map(describeRequest))
      }
      await stopped
      logger.info('stopping')
      if (!emergency.signal.aborted) emergency.endWithin(drainMs + stopWithinMs)
    } finally {
      gateway.announceStop()
      // Balancers see that it is not ready, and clients with each answer that their connection will be closed.
      await sleep(drainMs)
      await server.close()
    }
  } finally {
    await gateway.close()
  }
}

/** A gateway of which an endpoint has no arm at all from the start has a fault that waiting will not mend. */
function demandArms({ endpoints }: Gateway): void {
  const dead = [...endpoints.values()].filter(
    ({ arms, steps }) => steps?.available() === false || ![...arms.values()].some((arm) => arm.available()),
  )
  if (dead.length === 0) return
  const names = dead.map(({ name }) => name).join(', ')
  throw new StartFault(
    `no model of endpoint ${names} could be started: see the log above for the reason of each`,
  )
}
